import { hash } from 'node:crypto';
import { DomainError } from '../../kernel/errors.ts';
import { invalid, type Form } from '../form/form.ts';
import { CODE_VERIFIER, SHA256 } from './patterns.ts';

/**
 * The challenge. The method S256 must be named: without a method it would be plain (RFC 7636 §4.3), which is refused.
 * @returns base64url of 32 bytes
 * @throws DomainError `oauth.invalid-request`
 * @see RFC 7636 §4.2; FAPI 2.0 Security Profile §5.3.2.2
 */
export function checkCodeChallenge(form: Form): string {
  const challenge = form.get('code_challenge');
  if (form.get('code_challenge_method') !== 'S256') throw invalid('code_challenge_method', 'Only S256 is supported.');
  if (!SHA256.test(challenge)) throw invalid('code_challenge', 'Base64url of 32 bytes is expected.');
  return challenge;
}

/**
 * The challenge that belongs to the verifier in the form. No code has a missing or malformed verifier.
 * @throws DomainError `grant.invalid`
 * @see RFC 7636 §4.1, §4.6
 */
export function challengeOfVerifier(form: Form): string {
  const verifier = form.find('code_verifier');
  if (verifier === undefined) throw wrongVerifier('This parameter is missing.');
  if (!CODE_VERIFIER.test(verifier)) throw wrongVerifier('43 to 128 letters, digits, -, ., _ and ~ are expected.');
  return hash('sha256', verifier, 'base64url');
}

function wrongVerifier(detail: string): DomainError {
  return new DomainError('grant.invalid', { pointer: '/code_verifier', detail });
}
