import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ExportRefused } from '../export-order.ts';
import { messagePage } from '../site/frame.ts';
import { notFound, redirect, show, withSigned, type Call, type Routes } from '../site/routes.ts';
import { evidenceRoutes } from './evidence-routes.ts';
import { auditListPage, auditPage } from './pages.ts';

export const auditRoutes: Routes = {
  'GET /auditor': ({ site, visit, response }) => {
    show(
      { response },
      auditListPage(visit, site.payments.listSigned(), site.parties.banks, site.links, site.signatureOrders.list()),
    );
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
  const bank = site.parties.banks.find(({ id }) => id === word('bank'));
  if (!bank) {
    notFound(call);
    return;
  }
  try {
    const words = { from: word('from'), purpose: word('purpose'), caseReference: word('caseReference') };
    const { headers, body } = await site.auditDesk.exportList(bank, words);
    response.writeHead(200, {
      'content-type': headers.get('content-type') ?? 'application/octet-stream',
      'cache-control': 'no-store',
      'content-disposition': headers.get('content-disposition') ?? 'attachment',
      'x-content-type-options': 'nosniff',
    });
    await pipeline(body as ReadableStream<Uint8Array>, response);
  } catch (error) {
    if (!(error instanceof ExportRefused)) throw error;
    show(call, messagePage(visit, visit.t('Exporten gjordes inte', 'No export was made'), error.message), 400);
  }
}
