import { ExportRequestError } from '../../src/compliance/export-request.ts';
import { messagePage } from '../site/frame.ts';
import { redirect, show, withSigned, type Call, type Routes } from '../site/routes.ts';
import { evidenceRoutes } from './evidence-routes.ts';
import { auditListPage, auditPage } from './pages.ts';

export const auditRoutes: Routes = {
  'GET /auditor': ({ site, visit, response }) => {
    show({ response }, auditListPage(visit, site.payments.listSigned(), site.parties.banks));
  },
  'POST /auditor/export': exportPeriod,
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

async function exportPeriod(call: Call): Promise<void> {
  const { form, site, visit, response } = call;
  const word = (name: string): string => form.get(name) ?? '';
  const bank = site.parties.banks.find(({ id }) => id === word('bank'))?.id;
  try {
    const words = { from: word('from'), to: word('to'), purpose: word('purpose'), bank };
    const write = site.auditDesk.prepareExport(words);
    response.writeHead(200, {
      'content-type': 'application/zip',
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="export.zip"',
    });
    await write(response);
  } catch (error) {
    if (!(error instanceof ExportRequestError)) throw error;
    show(call, messagePage(visit, visit.t('Exporten gjordes inte', 'No export was made'), error.message), 400);
  }
}
