import type { Scenario, ScenarioId } from './scenario.ts';

/** Which scenarios wait: one for the next order, and one for all orders of a person. */
export class ScenarioPlan {
  #next: Scenario | undefined;
  readonly #people = new Map<string, Scenario>();

  /** For the next order that can take it, in place of what waited before; `undefined` takes it back. */
  planNext(scenario: Scenario | undefined): void {
    this.#next = scenario;
  }

  /** For each order of this person from now on; `undefined` takes it back. */
  planFor(personalNumber: string, scenario: Scenario | undefined): void {
    if (scenario) this.#people.set(personalNumber, scenario);
    else this.#people.delete(personalNumber);
  }

  clear(): void {
    this.#next = undefined;
    this.#people.clear();
  }

  /** What an order takes at this moment. One that was for the next order is then used up. */
  take(moment: Scenario['takenAt'], personalNumber: string | undefined): Scenario | undefined {
    if (this.#next?.takenAt !== moment) return this.findOf(personalNumber, moment);
    const taken = this.#next;
    this.#next = undefined;
    return taken;
  }

  /** What waits for a person's orders at this moment. */
  findOf(personalNumber: string | undefined, moment: Scenario['takenAt']): Scenario | undefined {
    const scenario = this.#people.get(personalNumber ?? '');
    return scenario?.takenAt === moment ? scenario : undefined;
  }

  waiting(): PlannedScenarios {
    return {
      next: this.#next?.id ?? null,
      people: Object.fromEntries([...this.#people].map(([personalNumber, { id }]) => [personalNumber, id])),
    };
  }
}

export interface PlannedScenarios {
  readonly next: ScenarioId | null;
  /** By personal number. */
  readonly people: Readonly<Record<string, ScenarioId>>;
}
