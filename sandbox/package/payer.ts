import type { PretendApp, Signer } from '../../simulator/client.ts';
import { PayerBrowser } from '../payer-browser.ts';

/** What the page shows once the signature has had its effect. */
const OVER = ['authorised', 'signature', 'risk', 'device', 'policy', 'attempts', 'expired', 'revoked', 'declined'];
/** BankID's order came to nothing, and the page offers another try. */
const TRY_AGAIN = 'try-again';

/** A payer on one device: opens the page, opens BankID by its link, signs, and goes back. One who may try again says no instead. */
export async function approve(app: PretendApp, authorizationUrl: URL | string, signer: Signer): Promise<URL> {
  const browser = new PayerBrowser();
  await browser.open(new URL(authorizationUrl));
  const link = new URL(await browser.startOnThisDevice());
  const order = await app.open(link.searchParams.get('autostarttoken') ?? '');
  const { returnUrl } = await app.sign(order.id, signer);
  if (returnUrl !== undefined) await browser.get(returnUrl);
  if ((await browser.waitFor(...OVER, TRY_AGAIN)) === TRY_AGAIN) await sayNo(browser);
  return browser.finish();
}

/** A payer who reads the page and wants none of it. */
export async function decline(authorizationUrl: URL | string): Promise<URL> {
  const browser = new PayerBrowser();
  await browser.open(new URL(authorizationUrl));
  await sayNo(browser);
  return browser.finish();
}

async function sayNo(browser: PayerBrowser): Promise<void> {
  await browser.post(`${browser.interactionPath}/decline`);
}
