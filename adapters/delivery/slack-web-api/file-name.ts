/**
 * Names the file of a delivery's picture: by it the upload can be found again, since it can carry no metadata.
 *
 * @param deliveryId - The delivery.
 */
export function fileNameOf(deliveryId: string): string {
  return `${deliveryId}.png`;
}

/**
 * Names the file of a picture that follows its message, which is found by itself.
 *
 * @param deliveryId - The delivery.
 */
export function companionFileNameOf(deliveryId: string): string {
  return `${deliveryId}-picture.png`;
}
