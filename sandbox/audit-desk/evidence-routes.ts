import { BUNDLE_TYPE } from '../../src/bundle/container.ts';
import type { Html } from '../../src/kernel/web/html.ts';
import type { Report } from '../../src/verification/report.ts';
import type { SandboxBank } from '../bank.ts';
import type { SignedPayment } from '../shop/payments.ts';
import { messagePage, type Visit } from '../site/frame.ts';
import { download, show, withSigned, type Routes } from '../site/routes.ts';
import { reportPage } from './pages.ts';

/** The evidence of a payment and its report, as its bank or its auditor reads them, each reading with its purpose. */
export function evidenceRoutes(
  base: string,
  readerOf: (payment: SignedPayment) => SandboxBank,
  purpose: 'payment-execution' | 'audit',
): Routes {
  return {
    [`GET ${base}/evidence.zip`]: withSigned(async (call, payment) => {
      const folder = await readerOf(payment).getEvidenceFolder(payment.token.consentId, purpose);
      download(call, 'evidence.zip', 'application/zip', folder);
    }),
    [`GET ${base}/evidence.asice`]: withSigned(async (call, payment) => {
      const bundle = await readerOf(payment).findEvidenceBundle(payment.token.consentId, purpose);
      if (bundle) download(call, 'evidence.asice', BUNDLE_TYPE, bundle);
      else show(call, notYetPage(call.visit), 503);
    }),
    [`GET ${base}/report.json`]: withSigned(async (call, payment) => {
      const { body } = await readerOf(payment).verifyEvidence(payment.token.consentId, purpose);
      download(call, 'report.json', 'application/json', Buffer.from(`${JSON.stringify(body, null, 2)}\n`));
    }),
    [`GET ${base}/report`]: withSigned(async (call, payment) => {
      const { body } = await readerOf(payment).verifyEvidence(payment.token.consentId, purpose);
      show(call, reportPage(call.visit, payment, body as unknown as Report));
    }),
  };
}

function notYetPage(visit: Visit): Html {
  const title = visit.t('Inte i liggaren än', 'Not in the ledger yet');
  const text = visit.t(
    'Vänta några sekunder och hämta beviset igen.',
    'Wait some seconds, and get the evidence again.',
  );
  return messagePage(visit, title, text);
}
