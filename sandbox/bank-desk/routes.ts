import { textOrEmpty } from '../oauth-client.ts';
import type { SignedPayment } from '../shop/payments.ts';
import { notFound, redirect, show, withSigned, type Call, type Routes } from '../site/routes.ts';
import { bankSteps } from './desk.ts';
import { bankListPage, bankPage } from './pages.ts';

/** As many of the newest payments are asked for. */
const LISTED = 20;

export const bankRoutes: Routes = {
  'GET /bank': list,
  'GET /bank/:id': withSigned((call, payment) => {
    show(call, bankPage(call.visit, payment, call.site.bankDesk.caseOf(payment), call.site.links));
  }),
  'GET /bank/:id/payer': withSigned(({ response, site }, payment) => {
    const headers = { 'content-type': 'text/plain', 'cache-control': 'no-store' };
    response.writeHead(200, headers).end(site.bankDesk.payerOf(payment));
  }),
  'POST /bank/:id/:step': withSigned(perform),
};

async function list(call: Call): Promise<void> {
  const { parties, payments } = call.site;
  const signed = payments.listSigned().slice(0, LISTED);
  const lists = parties.banks.map(async (bank) => {
    const own = signed.filter((payment) => payment.bank.id === bank.id);
    return { bank, rows: await Promise.all(own.map(withState)) };
  });
  show(call, bankListPage(call.visit, await Promise.all(lists)));
}

async function withState(payment: SignedPayment): Promise<{ readonly payment: SignedPayment; readonly state: string }> {
  const { body } = await payment.bank.bank.getConsent(payment.token.consentId);
  return { payment, state: textOrEmpty(body['state']) };
}

async function perform(call: Call, payment: SignedPayment): Promise<void> {
  const step = bankSteps.find((name) => name === call.path['step']);
  if (!step) {
    notFound(call);
    return;
  }
  await call.site.bankDesk.perform(payment, step);
  redirect(call, `/bank/${payment.state}#next`);
}
