import { setImmediate as nextTurn } from 'node:timers/promises';
import '@tensorflow/tfjs-backend-cpu';
import {
  enableProdMode,
  oneHot,
  type Scalar,
  type Tensor,
  tensor1d,
  tensor2d,
  tidy,
  train,
} from '@tensorflow/tfjs-core';
import { initializers, layers, type Sequential, sequential } from '@tensorflow/tfjs-layers';
import { type DigitSet, digitCount, loadDigits, pickDigits, pixelsPerImage, trainingCount } from './digits.js';
import { seededRandom, shuffledIndices } from './seeded-random.js';

/** What one batch reports after the model has learned from it. */
export interface BatchReport {
  /** Which batch of the training this is, from 0. */
  readonly step: number;
  /** Mean cross-entropy of this batch, in nats: about 2.3 (ln 10) for a model that knows nothing. */
  readonly loss: number;
  /** Share of this batch's images classified rightly, 0 to 1. */
  readonly accuracy: number;
}

/** What one epoch reports after every training image was seen once more. */
interface EpochReport {
  /** Which epoch this is, from 0. */
  readonly epoch: number;
  /** The last step of this epoch. */
  readonly step: number;
  /** Mean cross-entropy of the validation images, in nats. */
  readonly validationLoss: number;
  /** Share of the validation images classified rightly, 0 to 1. */
  readonly validationAccuracy: number;
}

/** How long a training is. */
export interface TrainingLength {
  /** How many times every training image is seen. @default 9 */
  readonly epochs?: number;
  /** How many images one step learns from. @default 100 */
  readonly batchSize?: number;
  /** Ends the training after this many steps even if epochs are left. @default Infinity */
  readonly maximumSteps?: number;
}

/** What `trainDigits` takes. */
export interface TrainingOptions extends TrainingLength {
  /** Called after every batch; a promise it returns is awaited before the next batch. */
  readonly onBatch: (report: BatchReport) => void | Promise<void>;
  /** Called after every epoch, the last one too if it was cut short; a promise it returns is awaited. */
  readonly onEpoch?: (report: EpochReport) => void | Promise<void>;
  /** Ends the training before the next batch. */
  readonly signal?: AbortSignal;
  /** Decides the split, the first weights and the order of the images. @default 1 */
  readonly seed?: number;
}

/** How a training ended. */
export interface TrainingResult {
  /** How many batches were learned from. */
  readonly steps: number;
  /** Mean cross-entropy of the validation images at the end, in nats. */
  readonly validationLoss: number;
  /** Share of the validation images classified rightly at the end, 0 to 1. */
  readonly validationAccuracy: number;
}

const defaultEpochs = 9;
const defaultBatchSize = 100;
// High enough to learn within half a minute, after a warm-up that keeps the loss near its start for some 30 batches.
const peakLearningRate = 0.15;
const warmUpSteps = 80;

// The plain JavaScript backend greets on the console unless the library is told it is in production.
enableProdMode();

/**
 * How many steps `trainDigits` takes with the same options.
 *
 * @param length - The options that decide it.
 * @returns The number of batches; the last step is one less.
 * @throws RangeError when an option is less than 1.
 */
export const countTrainingSteps = (length: TrainingLength = {}): number => {
  const { epochs = defaultEpochs, batchSize = defaultBatchSize, maximumSteps = Number.POSITIVE_INFINITY } = length;
  for (const [name, value] of Object.entries({ epochs, batchSize, maximumSteps })) {
    if (!(value >= 1)) throw new RangeError(`Expected ${name} of 1 or more, got ${value}`);
  }
  return Math.min(epochs * Math.ceil(trainingCount / batchSize), maximumSteps);
};

// Dense layers only: the plain JavaScript backend takes some ten times as long to learn a convolution.
const createModel = (seed: number): Sequential => {
  // Layers seeded alike would start with weights alike, so each has a seed of its own.
  const seeded = (layer: number) => initializers.glorotUniform({ seed: seed * 16 + layer });
  return sequential({
    layers: [
      layers.dense({ inputDim: pixelsPerImage, units: 80, activation: 'relu', kernelInitializer: seeded(1) }),
      layers.dense({ units: 32, activation: 'relu', kernelInitializer: seeded(2) }),
      layers.dense({ units: digitCount, activation: 'softmax', kernelInitializer: seeded(3) }),
    ],
  });
};

const toTensors = (digits: DigitSet): [images: Tensor, labels: Tensor] => [
  tensor2d(digits.pixels, [digits.count, pixelsPerImage]),
  tidy(() => oneHot(tensor1d(digits.labels, 'int32'), digitCount)),
];

const validate = (model: Sequential, digits: DigitSet): Pick<EpochReport, 'validationLoss' | 'validationAccuracy'> =>
  tidy(() => {
    const [images, labels] = toTensors(digits);
    const [loss, accuracy] = model.evaluate(images, labels, { batchSize: 100 }) as [Scalar, Scalar];
    return { validationLoss: loss.dataSync()[0] as number, validationAccuracy: accuracy.dataSync()[0] as number };
  });

/**
 * Trains a small neural network to read handwritten digits, in this process and in plain JavaScript.
 *
 * The learning rate warms up linearly, so the loss stays near its start for the first batches. Everything random
 * is seeded: the same options give the same reports.
 *
 * @param options - The callbacks, and how long to train.
 * @returns How well the trained model does on images it never saw.
 * @throws The signal's reason when it is aborted, whatever a callback throws, and RangeError when an option is less
 * than 1.
 */
export const trainDigits = async (options: TrainingOptions): Promise<TrainingResult> => {
  const { onBatch, onEpoch, signal, batchSize = defaultBatchSize, seed = 1 } = options;
  const totalSteps = countTrainingSteps(options);
  const { training, validation } = loadDigits(seed);
  const random = seededRandom(seed + 1);
  const model = createModel(seed);
  const optimizer = train.sgd(peakLearningRate);
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

  const learn = async (indices: Uint32Array, step: number): Promise<BatchReport> => {
    optimizer.setLearningRate(peakLearningRate * Math.min(1, (step + 1) / warmUpSteps));
    const [images, labels] = toTensors(pickDigits(training, indices));
    const [loss, accuracy] = (await model.trainOnBatch(images, labels)) as [number, number];
    images.dispose();
    labels.dispose();
    return { step, loss, accuracy };
  };

  try {
    let step = 0;
    let result = { validationLoss: Number.NaN, validationAccuracy: Number.NaN };
    for (let epoch = 0; step < totalSteps; epoch += 1) {
      const order = shuffledIndices(training.count, random);
      for (let start = 0; start < order.length && step < totalSteps; start += batchSize, step += 1) {
        signal?.throwIfAborted();
        await onBatch(await learn(order.subarray(start, start + batchSize), step));
        // The whole batch is computed at once, so this is when timers and sockets get their turn.
        await nextTurn();
      }
      result = validate(model, validation);
      await onEpoch?.({ epoch, step: step - 1, ...result });
    }
    return { steps: step, ...result };
  } finally {
    model.dispose();
    optimizer.dispose();
  }
};
