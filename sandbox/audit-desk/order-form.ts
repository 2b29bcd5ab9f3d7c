import { join } from 'node:path';
import { shellWord } from '../../src/kernel/text/shell-word.ts';
import { html, type Html } from '../../src/kernel/web/html.ts';
import { readingPurposes } from '../../src/uploads/purpose.ts';
import type { Visit } from '../site/frame.ts';
import type { SiteLinks } from '../site/front-page.ts';
import type { SiteBank } from '../site/parties.ts';

export interface OrderForm {
  readonly action: string;
  readonly day: string;
  readonly caseReference: string;
  readonly button: string;
}

/** A period of a bank, and why it is ordered. */
export function orderForm(
  { t }: Visit,
  banks: readonly SiteBank[],
  { action, day, caseReference, button }: OrderForm,
): Html {
  return html`<form method="post" action="${action}" class="fields">
    <p>
      <label>${t('Från', 'From')} <input type="date" name="from" value="${day}" required /></label>
    </p>
    <p>
      <label
        >${t('Bank', 'Bank')}
        <select name="bank">
          ${banks.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}
        </select>
      </label>
    </p>
    <p>
      <label
        >${t('Ändamål', 'Purpose')}
        <select name="purpose">
          ${readingPurposes.map((purpose) => html`<option ${purpose === 'audit' ? 'selected' : ''}>${purpose}</option>`)}
        </select>
      </label>
    </p>
    <p>
      <label
        >${t('Ärende', 'Case')}
        <input name="caseReference" value="${caseReference}" maxlength="40" required />
      </label>
    </p>
    <p><button>${button}</button></p>
  </form>`;
}

/** How the commands find the sandbox and authenticate to it: the variables hold an address, a name and a path. */
export function credentialsOf({ issuer, folder }: SiteLinks, client: string): string {
  const key = join(folder, 'service', `${client}.jwk.json`);
  return `export AUDITOR_ISSUER=${shellWord(issuer)} AUDITOR_CLIENT_ID=${shellWord(client)} AUDITOR_KEY_FILE=${shellWord(key)}`;
}
