import type { Mark } from '../bundle/describe-findings.ts';
import { html, type Html } from '../kernel/web/html.ts';
import type { Indication } from '../verification/report.ts';

/** How a verdict is marked. INDETERMINATE is not red: nothing shows that anything is wrong. */
export const markOf: Readonly<Record<Indication, Exclude<Mark, 'none'>>> = {
  'TOTAL-PASSED': 'good',
  INDETERMINATE: 'open',
  'TOTAL-FAILED': 'bad',
};

/** A shape for each mark, so that none is told by its colour alone. Its word stands beside it. */
export function icon(mark: Mark): Html {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${shapes[mark]}</svg>`;
}

const shapes: Readonly<Record<Mark, Html>> = {
  good: html`<circle class="shape" cx="12" cy="12" r="11" /><path class="line" d="M6.8 12.6l3.4 3.4 7-7.6" />`,
  open: html`<path class="shape" d="M12 1.2 23 21.6H1z" /><path class="line" d="M12 8.6v6.2M12 17.6v1.2" />`,
  bad: html`<path class="shape" d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z" /><path
      class="line"
      d="M8 8l8 8M16 8l-8 8"
    />`,
  none: html`<circle class="ring" cx="12" cy="12" r="10" /><path class="line" d="M7.5 12h9" />`,
};
