import { browserCookieName, findBrowserCookie, newBrowserCookie, setBrowserCookie } from './browser-cookie.ts';

const HTTPS = 'https://consent.example';
const HTTP = 'http://localhost:3000';

describe('the cookie that binds a browser', () => {
  it('has 256 bits and comes back as it was sent', () => {
    const value = newBrowserCookie();
    expect(Buffer.from(value, 'base64url')).toHaveLength(32);
    expect(findBrowserCookie(HTTPS, `a=b; __Host-sigill=${value}; c=d`)).toBe(value);
  });

  it('is for our host alone under https, out of reach of scripts and of foreign posts', () => {
    expect(setBrowserCookie(HTTPS, 'x')).toMatch(
      /^__Host-sigill=x; Max-Age=7200; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(setBrowserCookie(HTTPS, 'x')).not.toMatch(/domain/i);
    expect(browserCookieName(HTTP)).toBe('sigill');
    expect(setBrowserCookie(HTTP, 'x')).not.toContain('Secure');
  });

  it('under https does not take the cookie that plain http could have planted', () => {
    expect(findBrowserCookie(HTTPS, `sigill=${newBrowserCookie()}`)).toBeUndefined();
  });

  it('counts for nothing when it is sent twice, as after planting', () => {
    const header = `sigill=${newBrowserCookie()}; sigill=${newBrowserCookie()}`;
    expect(findBrowserCookie(HTTP, header)).toBeUndefined();
  });

  it.each([undefined, '', 'sigill=', 'sigill=short', `sigill=${'a'.repeat(44)}`, `sigill=${'%41'.repeat(15)}`])(
    'counts for nothing as %p',
    (header) => expect(findBrowserCookie(HTTP, header)).toBeUndefined(),
  );
});
