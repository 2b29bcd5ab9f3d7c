import { describeError, scrub } from './describe-error.ts';

describe('an error in a log', () => {
  it('shows name, code, message, frames and cause', () => {
    const cause = Object.assign(new TypeError('socket closed'), { code: 'UND_ERR_SOCKET' });
    const described = describeError(new Error('collect failed', { cause }));
    expect(described).toMatchObject({
      type: 'Error',
      message: 'collect failed',
      cause: { type: 'TypeError', message: 'socket closed', code: 'UND_ERR_SOCKET' },
    });
    expect(described.stack).toMatch(/^\s+at .*describe-error/);
  });

  it('never shows what a driver attached: parameters, rows, bodies, headers', () => {
    const error = Object.assign(new Error('duplicate key'), {
      parameters: ['191212121212'],
      detail: 'Key (payer)=(191212121212) already exists.',
      headers: { authorization: 'DPoP abc' },
    });
    expect(JSON.stringify(describeError(error))).not.toMatch(/191212121212|DPoP/);
  });

  it.each([
    ['a personal number', 'no payer 191212121212 here', '191212121212'],
    ['a personal number with a hyphen', 'no payer 121212-1212 here', '121212-1212'],
    ['a token', 'bad token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLWJ5dGVz', 'eyJhbGciOiJFUzI1NiJ9'],
    ['a key', 'got MC4CAQAwBQYDK2VwBCIEIJ+8k0Z3bq7', 'MC4CAQAwBQYDK2Vw'],
    ['signed XML', 'bad <?xml version="1.0"?><Signature>hemligt', 'hemligt'],
    ['a database password', 'connect postgres://app:hemligt@db/sigill', 'hemligt'],
  ])('blots out %s in a message', (_what, message, secret) => {
    expect(scrub(message)).not.toContain(secret);
  });

  it('leaves identifiers, file names and error codes readable', () => {
    const text =
      'order 3f0c1a52-8d0e-4a57-9f42-0a1b2c3d4e5f: consent.not-awaiting-authorisation in src/consent/settler.ts';
    expect(scrub(text)).toBe(text);
  });

  it('leaves the patterns of routes readable, and no secret with slashes', () => {
    const mapped = 'Mapped {/pay/:interaction/start/this, POST} route';
    expect(scrub(mapped)).toBe(mapped);
    expect(scrub('got q8Zx3nV0aB7/cD2eF5gH1iJ/kL6mN9oPqRs')).toBe('got [secret]');
  });

  it('shows nothing of what is not an Error', () => {
    expect(JSON.stringify(describeError('191212121212'))).not.toContain('191212121212');
  });

  it('blots out base64 that begins like a path', () => {
    const base64 = `/${'Ab9+/xYz0'.repeat(30)}==`;
    expect(scrub(`unexpected ${base64} here`)).toBe('unexpected [secret] here');
    expect(scrub(`got /${'k3Yq'.repeat(10)}AAA`)).toBe('got [secret]');
    expect(scrub('cannot open /run/secrets/evidence_keys/current.json')).toContain('/run/secrets/evidence_keys');
  });
});
