import { isArrayBuffer } from 'node:util/types';

/**
 * Gives back the memory of octets that are not used any more, unless others lie in it too. V8 would let 64 MB of them wait, and then
 * look through the whole heap for them.
 */
export function freeMemory({ buffer, length }: Buffer): void {
  if (isArrayBuffer(buffer) && buffer.byteLength === length) buffer.transfer(0);
}
