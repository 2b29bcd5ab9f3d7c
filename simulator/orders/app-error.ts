export type AppErrorCode =
  | 'call-not-confirmed'
  | 'cross-site'
  | 'document-not-read'
  | 'fault-malformed'
  | 'image-unreadable'
  | 'internal'
  | 'malformed'
  | 'no-qr-code'
  | 'not-asked'
  | 'not-found'
  | 'nothing-waits'
  | 'order-busy'
  | 'order-not-found'
  | 'order-not-opened'
  | 'order-over'
  | 'order-started'
  | 'other-person-required'
  | 'policy-required'
  | 'qr-forged'
  | 'qr-malformed'
  | 'qr-stale'
  | 'scenario-malformed'
  | 'scenario-too-late'
  | 'security-code-required'
  | 'security-code-wrong'
  | 'token-unknown'
  | 'too-large';

/** Why the pretend app cannot do what it was asked: `{error, message}` with its status. */
export class AppError extends Error {
  readonly status: number;
  readonly code: AppErrorCode;

  constructor(status: number, code: AppErrorCode, message: string) {
    super(message);
    this.name = 'AppError';
    this.status = status;
    this.code = code;
  }
}
