import { html, type Html } from '../../src/kernel/web/html.ts';
import { page, type Visit } from '../site/frame.ts';
import { notFound, show, type Call, type Routes } from '../site/routes.ts';
import { employees } from './employees.ts';

/** Where an employee of a bank logs in. A click stands for password and second factor, which are the bank's own matter. */
export const identityRoutes: Routes = {
  'GET /idp/:bank/interaction/:uid': (call) => {
    const bank = bankOf(call);
    return bank ? show(call, loginPage(call.visit, bank.name)) : notFound(call);
  },
  'POST /idp/:bank/interaction/:uid': async (call) => {
    const { form, path, request, response, site } = call;
    const provider = site.identity.find(path['bank'] ?? '');
    const employee = employees.find(({ id }) => id === form.get('employee'));
    const isCancelled = form.get('employee') === '';
    if (!provider || (!employee && !isCancelled)) {
      notFound(call);
      return;
    }
    // A native client has to be consented to at each login, which the click is too.
    const result = employee ? { login: { accountId: employee.id }, consent: {} } : { error: 'access_denied' };
    await provider.interactionFinished(request, response, result);
  },
};

function bankOf({ path, site }: Call): { readonly name: string } | undefined {
  return site.parties.banks.find(({ id }) => id === path['bank']);
}

function loginPage(visit: Visit, bank: string): Html {
  const { t, language } = visit;
  const choices = employees.map(
    ({ id, name, does }) =>
      html`<li>
        <button name="employee" value="${id}">${name}</button>
        <span class="note">${does[language]}</span>
      </li>`,
  );
  const main = html`<p class="lead">
      ${t(
        'Här loggar bankens anställda in, hos banken själv. I sandlådan räcker ett klick; på riktigt är det bankens lösenord, kort eller kod.',
        'Here employees of the bank log in, at the bank itself. In the sandbox a click is enough; in reality it is the bank’s password, card or code.',
      )}
    </p>
    <form method="post" class="logins">
      <ul class="rows">
        ${choices}
      </ul>
      <p><button name="employee" value="" class="button second">${t('Avbryt', 'Cancel')}</button></p>
    </form>`;
  return page(visit, { room: 'bank', title: t('Vem är du?', 'Who are you?'), name: bank, main });
}
