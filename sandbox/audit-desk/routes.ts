import { fetchExport } from '../export-order.ts';
import { passOn, redirect, show, withSigned, type Routes } from '../site/routes.ts';
import { evidenceRoutes } from './evidence-routes.ts';
import { withOrderForm } from './ordering.ts';
import { auditListPage, auditPage } from './pages.ts';

const NO_EXPORT = { sv: 'Exporten gjordes inte', en: 'No export was made' };

export const auditRoutes: Routes = {
  'GET /auditor': ({ site, visit, response }) => {
    show(
      { response },
      auditListPage(visit, site.payments.listSigned(), site.parties.banks, site.links, site.signatureOrders.list()),
    );
  },
  'POST /auditor/export': withOrderForm(NO_EXPORT, async (call, { auditor }, words) => {
    await passOn(call, await fetchExport(auditor.party, { format: 'list', ...words }));
  }),
  'GET /auditor/:id': withSigned(async (call, payment) => {
    const { auditDesk, links } = call.site;
    const trail = await auditDesk.trailOf(payment);
    show(call, auditPage(call.visit, { payment, reading: auditDesk.readingOf(payment), trail }, links));
  }),
  'POST /auditor/:id': withSigned(async (call, payment) => {
    await call.site.auditDesk.read(payment);
    redirect(call, `/auditor/${payment.state}`);
  }),
  ...evidenceRoutes('/auditor/:id', ({ bank }) => bank.auditor, 'audit'),
};
