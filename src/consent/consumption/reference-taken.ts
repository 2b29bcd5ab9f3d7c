const UNIQUE_VIOLATION = '23505';

/** Whether the database refused a payment reference because another consent of the bank has it. */
export function isReferenceTaken(error: unknown): boolean {
  const { code, constraint } = driverError(error);
  return code === UNIQUE_VIOLATION && constraint === 'consent_payment_reference';
}

/** TypeORM wraps the driver's error. */
function driverError(error: unknown): { readonly code?: unknown; readonly constraint?: unknown } {
  if (typeof error !== 'object' || error === null) return {};
  return 'driverError' in error ? driverError(error.driverError) : error;
}
