import type { InteractionContext, UserMessage } from './facts.ts';
import { html, type Html } from '../../kernel/web/html.ts';
import { formatWait } from './format.ts';
import { layout } from './layout.ts';
import {
  action,
  codeTime,
  expiryNotice,
  expiryTime,
  glance,
  letter,
  relayWarning,
  shortWarning,
  statusLine,
  untilNotice,
  validUntil,
} from './parts.ts';
import { textsOf } from './texts.ts';

/** Who asks, for what, and the choice: this device, another one, or decline. */
export function startPage(context: InteractionContext): Html {
  const { start } = textsOf(context);
  return layout(context, {
    title: start.title,
    view: context.purpose,
    refreshSeconds: untilNotice(context),
    main: html`<h1>${start.title}</h1>
      ${letter(context)}
      <section class="choice always" aria-label="${start.chooseDevice}">
        ${expiryNotice(context)} ${shortWarning(context)}
        <div class="devices">${deviceButtons(context)}</div>
        ${decline(context)}
      </section>
      <p>${start.lead(context.asked.clientName)} ${start.hint}</p>
      ${expiryTime(context)}`,
  });
}

/** The animated QR code. Without scripts, the whole page is reloaded together with the code. */
export function qrPage(context: InteractionContext, codeSeconds: number): Html {
  const { qr, cancel } = textsOf(context);
  return layout(context, {
    title: qr.title,
    view: 'qr',
    status: statusOf(context),
    refreshSeconds: 3,
    main: html`<h1>${qr.title}</h1>
      ${glance(context)}
      <div class="qr-frame">
        <img
          class="qr"
          data-qr="${context.path}/qr"
          src="${context.path}/qr"
          alt="${qr.alt}"
          width="264"
          height="264"
        />
      </div>
      ${codeTime(context, Math.min(codeSeconds, context.secondsLeft))} ${statusLine(undefined)} ${expiryNotice(context)}
      <ol class="steps">
        ${qr.steps.map((step) => html`<li>${step}</li>`)}
      </ol>
      ${relayWarning(context, 'qr')}
      <div class="actions">
        ${action(`${context.path}/start/this`, qr.useThisDevice, 'secondary')}${action(`${context.path}/cancel`, cancel, 'quiet')}
      </div>`,
  });
}

/**
 * The link that opens the BankID app. It is followed by the payer's own click: browsers refuse, or drop, a launch that a
 * script makes. `referrerpolicy="origin"` tells the app which browser to return to. The script keeps the link current, and says
 * after the press, never before, that the app is being opened and what to do if it is not.
 */
export function launchPage(context: InteractionContext, link: string | undefined, opening: UserMessage): Html {
  const { launch, cancel } = textsOf(context);
  return layout(context, {
    title: launch.title,
    view: 'launch',
    status: statusOf(context),
    refreshSeconds: 5,
    main: html`<h1>${launch.title}</h1>
      ${glance(context)}
      ${
        link === undefined
          ? html`<p class="lead">${launch.preparing}</p>`
          : html`<a
              class="primary button"
              data-launch
              data-opening="${opening.text}"
              data-opening-rfa="${opening.code}"
              href="${link}"
              referrerpolicy="origin"
              >${launch.open}</a
            >`
      }
      ${statusLine(undefined)}
      <p class="fine">${launch.comeBack}</p>
      ${notOpened(context)} ${expiryNotice(context)} ${relayWarning(context, 'start')}
      <div class="actions">
        ${action(`${context.path}/start/other`, launch.useOtherDevice, 'secondary')}${action(`${context.path}/cancel`, cancel, 'quiet')}
      </div>`,
  });
}

/** What to do if the link leads nowhere. */
function notOpened(context: InteractionContext): Html {
  const { launch } = textsOf(context);
  return html`<details class="help" data-not-opened>
    <summary>${launch.notOpened}</summary>
    <p>${launch.install}</p>
    <p>${launch.elsewhere}</p>
  </details>`;
}

/** The app has the order; here one waits and compares. */
export function waitPage(context: InteractionContext, message: UserMessage | undefined): Html {
  const { wait, cancel } = textsOf(context);
  return layout(context, {
    title: wait.title,
    view: 'wait',
    status: statusOf(context),
    refreshSeconds: 3,
    main: html`<h1>${wait.title}</h1>
      ${glance(context)}
      <div class="seal-waits" aria-hidden="true"></div>
      ${statusLine(message)} ${expiryNotice(context)}
      <p class="fine">${wait.checkText}</p>
      <div class="actions">${action(`${context.path}/cancel`, cancel, 'quiet')}</div>`,
  });
}

/** BankID has answered; the verifier has not. */
export function checkingPage(context: InteractionContext): Html {
  const { checking } = textsOf(context);
  return layout(context, {
    title: checking.title,
    view: 'checking',
    status: statusOf(context),
    refreshSeconds: 2,
    main: html`<h1>${checking.title}</h1>
      ${glance(context)}
      <div class="seal-waits" aria-hidden="true"></div>
      <p class="status" role="status">${checking.body}</p>`,
  });
}

/** The order failed and the consent still waits. */
export function tryAgainPage(
  context: InteractionContext,
  message: UserMessage | undefined,
  attemptsLeft: number,
): Html {
  const { failed } = textsOf(context);
  return layout(context, {
    title: failed.title,
    view: 'try-again',
    status: statusOf(context),
    refreshSeconds: untilNotice(context),
    main: html`<h1>${failed.title}</h1>
      ${statusLine(message)} ${message && supportCode(context, message)}
      <p>${failed.unchanged} ${failed.attemptsLeft(attemptsLeft)}</p>
      ${glance(context)} ${relayWarning(context, 'start')}
      <section class="choice">${deviceButtons(context)}</section>
      ${decline(context)} ${validUntil(context)}`,
  });
}

/** The payer cancelled on our page: nothing was signed, and they may begin again or decline. */
export function cancelledPage(context: InteractionContext): Html {
  const { cancelled } = textsOf(context);
  return layout(context, {
    title: cancelled.title,
    view: 'cancelled',
    refreshSeconds: untilNotice(context),
    main: html`<h1>${cancelled.title}</h1>
      <p class="lead" role="status">${cancelled.body(context.asked.clientName)}</p>
      ${glance(context)} ${relayWarning(context, 'start')}
      <section class="choice">${deviceButtons(context)}</section>
      ${decline(context)} ${validUntil(context)}`,
  });
}

/** The QR code was renewed as often as one press of a button allows: now the payer must press again. */
export function renewPage(context: InteractionContext): Html {
  const { renew, qr } = textsOf(context);
  return layout(context, {
    title: renew.title,
    view: 'renew',
    refreshSeconds: untilNotice(context),
    main: html`<h1>${renew.title}</h1>
      <p class="lead">${renew.body}</p>
      ${glance(context)}
      <div class="actions">
        ${action(`${context.path}/start/other`, renew.again, 'primary')}${action(`${context.path}/start/this`, qr.useThisDevice, 'secondary')}
      </div>
      ${decline(context)} ${validUntil(context)}`,
  });
}

/** The link was not opened, as long as a press keeps it current, or the app was not there. */
export function unopenedPage(context: InteractionContext): Html {
  const { unopened, launch } = textsOf(context);
  return layout(context, {
    title: unopened.title,
    view: 'unopened',
    refreshSeconds: untilNotice(context),
    main: html`<h1>${unopened.title}</h1>
      <p class="lead">${unopened.body}</p>
      ${notOpened(context)} ${glance(context)}
      <div class="actions">
        ${action(`${context.path}/start/this`, unopened.again, 'primary')}${action(`${context.path}/start/other`, launch.useOtherDevice, 'secondary')}
      </div>
      ${decline(context)} ${validUntil(context)}`,
  });
}

/** A limit of the person is reached: says how long it lasts, without a button whose press would be refused. */
export function pausedPage(
  context: InteractionContext,
  { waitSeconds, outlastsRequest }: { readonly waitSeconds: number; readonly outlastsRequest: boolean },
): Html {
  const { paused } = textsOf(context);
  return layout(context, {
    title: paused.title,
    view: 'paused',
    status: statusOf(context),
    refreshSeconds: 30,
    main: html`<h1>${paused.title}</h1>
      <p class="lead">${paused.body(formatWait(waitSeconds, context.language))}</p>
      ${outlastsRequest && html`<p>${paused.outlastsRequest(context.asked.clientName)}</p>`} ${glance(context)}
      ${decline(context)} ${validUntil(context)}`,
  });
}

function statusOf(context: InteractionContext): { readonly path: string; readonly version: string } {
  return { path: `${context.path}/status`, version: context.version };
}

function deviceButtons(context: InteractionContext): readonly Html[] {
  const { prefersThisDevice } = context;
  const { start } = textsOf(context);
  const style = (preferred: boolean): 'primary' | 'secondary' => (preferred ? 'primary' : 'secondary');
  const here = action(`${context.path}/start/this`, start.thisDevice, style(prefersThisDevice));
  const elsewhere = action(`${context.path}/start/other`, start.otherDevice, style(!prefersThisDevice));
  return prefersThisDevice ? [here, elsewhere] : [elsewhere, here];
}

/** Two steps without a script: a refusal is final, and a slip of the thumb is not a refusal. */
function decline(context: InteractionContext): Html {
  const { start } = textsOf(context);
  return html`<details class="decline">
    <summary id="open-decline">${start.decline}</summary>
    <p>${start.declineExplained(context.asked.clientName)}</p>
    ${action(`${context.path}/decline`, start.declineConfirm, 'secondary')}
  </details>`;
}

function supportCode(context: InteractionContext, message: UserMessage): Html {
  return html`<p class="fine">${textsOf(context).supportCode} <code>${message.code}</code></p>`;
}
