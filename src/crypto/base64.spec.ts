import { decodeBase64 } from './base64.ts';
import { Malformed } from './malformed.ts';

describe('base64', () => {
  it.each(['YQ', 'YR==', 'Y Q==', 'YQ==\n', 'YQ=', '-_-_', 'YQ==YQ==', 'ÅÄÖ=', '='])('refuses %j', (text) => {
    expect(() => decodeBase64(text)).toThrow(Malformed);
  });

  it('reads the one spelling', () => {
    expect(decodeBase64('')).toHaveLength(0);
    expect(decodeBase64('YQ==').toString()).toBe('a');
  });
});
