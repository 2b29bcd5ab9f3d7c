/** An answer of the RP API that is not 200: `{errorCode, details}` with its status. */
export class RpError extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly details: string;

  constructor(status: number, errorCode: string, details: string) {
    super(`${errorCode}: ${details}`);
    this.name = 'RpError';
    this.status = status;
    this.errorCode = errorCode;
    this.details = details;
  }
}

export const invalidParameters = (details: string): RpError => new RpError(400, 'invalidParameters', details);
