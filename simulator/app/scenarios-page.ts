import { html, type Html } from '../../src/kernel/web/html.ts';
import type { OrderView } from '../order-view.ts';
import { findPerson, fullName, people } from '../pki/people.ts';
import type { PlannedScenarios } from '../scenarios/scenario-plan.ts';
import type { Scenario, ScenarioId, ScenarioTexts } from '../scenarios/scenario.ts';
import { findScenario, scenarios } from '../scenarios/scenarios.ts';
import { layout } from './layout.ts';
import type { Texts } from './texts.ts';

/** The menu: every outcome that can be played, with what each of the three will see. */
export function scenariosPage(texts: Texts, planned: PlannedScenarios): string {
  const words = texts.scenarios;
  return layout(
    texts,
    words.title,
    html`<h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>
      ${plannedScenarios(texts, planned)}
      <form method="post" action="/scenarios">
        <section class="card">
          <label for="person">${words.forWhom}</label>
          <select id="person" name="person">
            <option value="">${words.nextOrder}</option>
            ${people.map(
              (person) =>
                html`<option value="${person.personalNumber}">${words.everyOrderOf(fullName(person))}</option>`,
            )}
          </select>
        </section>
        ${scenarios.map((scenario) => scenarioCard(texts, scenario))}
      </form>
      <p><a href="/">${texts.end.toStart}</a></p>`,
  );
}

function scenarioCard(texts: Texts, scenario: Scenario): Html {
  const words = texts.scenarios;
  const said = scenario[texts.language];
  return html`<section class="card scenario">
    <h2 id="${scenario.id}">${said.title}</h2>
    <p>${withCode(said.happens)}</p>
    <dl>
      <dt>${words.tpp}</dt>
      <dd>${withCode(said.tpp)}</dd>
      <dt>${words.payer}</dt>
      <dd>${withCode(said.payer)}</dd>
    </dl>
    <button class="button small" type="submit" name="scenario" value="${scenario.id}" aria-describedby="${scenario.id}">
      ${words.play}
    </button>
  </section>`;
}

/** What waits for the orders to come, each with a button that takes it back; nothing where nothing waits. */
export function plannedScenarios(texts: Texts, { next, people: ofPeople }: PlannedScenarios): Html | undefined {
  const words = texts.scenarios;
  const rows = [
    ...(next === null ? [] : [plannedRow(texts, words.nextOrder, next, '')]),
    ...Object.entries(ofPeople).map(([personalNumber, id]) =>
      plannedRow(texts, words.everyOrderOf(fullName(findPerson(personalNumber, undefined))), id, personalNumber),
    ),
  ];
  if (rows.length === 0) return undefined;
  return html`<section class="card planned">
    <h2>${words.planned}</h2>
    <ul class="orders">
      ${rows}
    </ul>
  </section>`;
}

function plannedRow(texts: Texts, whose: string, id: ScenarioId, personalNumber: string): Html {
  const said = textsOf(texts, id);
  return html`<li>
    <div>
      <strong>${whose}: ${said?.title}</strong>
      <span class="quiet">${said && withCode(said.happens)}</span>
    </div>
    <form method="post" action="/scenarios">
      <input type="hidden" name="person" value="${personalNumber}" />
      <button class="button small secondary" type="submit" name="scenario" value="">${texts.scenarios.takeBack}</button>
    </form>
  </li>`;
}

/** What is played with an order, and the choice of something else while it is open. */
export function scenarioOfOrder(texts: Texts, order: OrderView): Html {
  const words = texts.scenarios;
  const said = order.scenario && textsOf(texts, order.scenario);
  return html`${said && html`<p class="planned note-box"><strong>${words.played(said.title)}</strong> ${withCode(said.happens)}</p>`}
    <details>
      <summary>${words.choose}</summary>
      <form method="post" action="/orders/${order.id}/scenario">
        <label for="scenario">${words.title}</label>
        <select id="scenario" name="scenario">
          <option value="">${words.none}</option>
          ${scenarios.filter(({ takenAt }) => takenAt === 'opening').map((one) => option(texts, one, order.scenario))}
        </select>
        <button class="button small" type="submit">${words.play}</button>
      </form>
    </details>`;
}

function option({ language }: Texts, scenario: Scenario, played: ScenarioId | undefined): Html {
  const selected = scenario.id === played ? html` selected` : undefined;
  return html`<option value="${scenario.id}" ${selected}>${scenario[language].title}</option>`;
}

const textsOf = ({ language }: Texts, id: ScenarioId): ScenarioTexts | undefined => findScenario(id)?.[language];

/** Every other part between the backticks is code. */
const withCode = (text: string): readonly Html[] =>
  text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
