import { notFound, redirect, show, type Call, type Routes } from '../site/routes.ts';
import { evidenceRoutes } from '../audit-desk/evidence-routes.ts';
import { invoices, payeeChecks, takesPayeeCheck } from './invoices.ts';
import { foreignReturnPage, loginPage, paymentPage } from './payment-pages.ts';
import { shopPage } from './pages.ts';
import type { Order } from './payments.ts';

export const shopRoutes: Routes = {
  'GET /shop': (call) => show(call, shopPage(call.visit, call.site.parties.banks, call.site.payments.list())),
  'POST /pay': pay,
  'POST /login': async (call) => redirect(call, await call.site.logins.start()),
  'GET /callback': receive,
  'GET /logins/:id': (call) => {
    const login = call.site.logins.find(call.path['id'] ?? '');
    return login ? show(call, loginPage(call.visit, login, call.site.links)) : notFound(call);
  },
  'GET /payments/:id': (call) => {
    const payment = call.site.payments.find(call.path['id'] ?? '');
    return payment ? show(call, paymentPage(call.visit, payment, call.site.links)) : notFound(call);
  },
  ...evidenceRoutes('/payments/:id', ({ bank }) => bank.bank, 'payment-execution'),
};

async function pay(call: Call): Promise<void> {
  const order = findOrder(call);
  if (!order) {
    notFound(call);
    return;
  }
  redirect(call, await call.site.payments.start(order));
}

function findOrder({ form, site }: Call): Order | undefined {
  const invoice = invoices.find(({ id }) => id === form.get('invoice'));
  const bank = site.parties.banks.find(({ id }) => id === form.get('bank'));
  if (!invoice || !bank) return undefined;
  const check = payeeChecks.find((one) => one === form.get('check'));
  return takesPayeeCheck(invoice) && check ? { invoice, bank, check } : { invoice, bank };
}

async function receive(call: Call): Promise<void> {
  const { site, visit } = call;
  const login = await site.logins.receive(visit.url);
  if (login) {
    redirect(call, `/logins/${login.state}`);
    return;
  }
  const payment = await site.payments.receive(visit.url);
  if (payment) {
    redirect(call, `/payments/${payment.state}`);
    return;
  }
  show(call, foreignReturnPage(visit, site.links));
}
