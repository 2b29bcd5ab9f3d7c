/** Of requests, orders and consents: a part of it may look like anything, a personal number too. */
const UUID = /\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/gi;

/** `text` with a `#` where each UUID stood. */
export function withoutUuids(text: string): string {
  return text.replaceAll(UUID, '#');
}
