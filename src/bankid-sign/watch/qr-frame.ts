import { createHmac } from 'node:crypto';

/**
 * The text of the animated QR code's frame: `bankid.<qrStartToken>.<t>.<hex HMAC-SHA256(qrStartSecret, t)>`.
 * @param startedAt when the answer to /sign came
 * @returns t is the number of whole seconds from `startedAt` to `now`
 * @see BankID, Relying Party guidelines, "Animated QR code"
 */
export function qrFrame(qrStartToken: string, qrStartSecret: string, startedAt: Date, now: Date): string {
  // After the clock was set back, the time must not be negative, which no app accepts.
  const elapsedMs = Math.max(0, now.getTime() - startedAt.getTime());
  const seconds = String(Math.floor(elapsedMs / 1000));
  const code = createHmac('sha256', qrStartSecret).update(seconds, 'ascii').digest('hex');
  return `bankid.${qrStartToken}.${seconds}.${code}`;
}
