/**
 * Why a CMS signature is refused: `format` (not of the strict form), `digest` (signs other content), `certificate` (the signer's is
 * absent, or not the one that the signature names), `signature` (the value does not hold under its key).
 */
export type CmsReason = 'format' | 'digest' | 'certificate' | 'signature';

/** A CMS signature that does not hold. The message names the construct, never the content. */
export class CmsError extends Error {
  readonly reason: CmsReason;

  constructor(reason: CmsReason, message: string) {
    super(message);
    this.name = 'CmsError';
    this.reason = reason;
  }
}
