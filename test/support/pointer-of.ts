import { DomainError } from '../../src/kernel/errors.ts';

/** The JSON pointer with which `act` is refused as `initiation.invalid`. @throws Error if it is not refused, and whatever else it throws */
export function pointerOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'initiation.invalid') return error.pointer;
    throw error;
  }
  throw new Error('not refused');
}
