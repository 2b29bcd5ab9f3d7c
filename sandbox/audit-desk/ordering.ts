import { ExportRefused, type OrderWords } from '../export-order.ts';
import { messagePage } from '../site/frame.ts';
import type { SiteBank } from '../site/parties.ts';
import { notFound, show, type Call, type Routes } from '../site/routes.ts';

/** Does something with what `orderForm` sends, and says why where the service refuses the order. */
export function withOrderForm(
  title: { readonly sv: string; readonly en: string },
  work: (call: Call, bank: SiteBank, words: OrderWords) => Promise<void>,
): Routes[string] {
  return orRefused(title, async (call) => {
    const { form, site } = call;
    const word = (name: string): string => form.get(name) ?? '';
    const bank = site.parties.banks.find(({ id }) => id === word('bank'));
    const period = { from: `${word('from')}T00:00:00Z`, to: new Date().toISOString() };
    const words = { ...period, purpose: word('purpose'), caseReference: word('caseReference') };
    if (bank) await work(call, bank, words);
    else notFound(call);
  });
}

/** A page with the service's words where it refuses. */
export function orRefused(
  { sv, en }: { readonly sv: string; readonly en: string },
  work: (call: Call) => Promise<void>,
): Routes[string] {
  return async (call) => {
    try {
      await work(call);
    } catch (error) {
      if (!(error instanceof ExportRefused)) throw error;
      show(call, messagePage(call.visit, call.visit.t(sv, en), error.message), 400);
    }
  };
}
