import type { AppConfig } from '../config/config.ts';
import type { Browser } from '../consent/consent.ts';
import type { Signing } from '../consent/signing.ts';
import type { Visitor } from './http/visitor.ts';
import type { PressingBrowser } from './interaction-pages.ts';
import { PayerService } from './payer.service.ts';

const CHROME =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1';

/** Where a press of a payer with Chrome on iOS asks BankID to lead back to. */
async function wayBack(appUrl: string | undefined): Promise<string | undefined> {
  let asked: string | undefined;
  const press = (_browser: Browser, request: Parameters<Signing['press']>[1]): unknown => {
    asked = request.returnUrl('n');
    return {};
  };
  const config = { issuer: 'https://sigill.example', bankid: { appUrl } } as unknown as AppConfig;
  const service = new PayerService(...([{}, {}, { press }, config, {}] as unknown as ServiceParts));
  const visitor = { language: 'sv', address: '192.0.2.7', userAgent: CHROME, cookie: undefined } as unknown as Visitor;
  await service.press(
    { interactionId: 'i', deviceIdentifier: 'device' } as unknown as PressingBrowser,
    'this',
    visitor,
  );
  return asked;
}

type ServiceParts = ConstructorParameters<typeof PayerService>;

describe('a press of a payer with Chrome on iOS', () => {
  it('asks BankID to lead back to Chrome', async () => {
    expect(await wayBack(undefined)).toBe('googlechromes://sigill.example/pay/i/back?nonce=n');
  });

  it('asks the pretend app for a plain link: it is a page in the same browser', async () => {
    expect(await wayBack('http://localhost:3002/')).toBe('https://sigill.example/pay/i/back?nonce=n');
  });
});
