import type { ScenarioId } from './scenarios/scenario.ts';

/** An order as the pretend app shows it: what the payer would see, and how far it has come. */
export interface OrderView {
  readonly id: string;
  readonly status: 'pending' | 'complete' | 'failed' | 'cancelled';
  readonly hintCode: string | undefined;
  /** When the relying party placed it (ISO 8601, UTC). */
  readonly placedAt: string;
  readonly startedBy: 'qr' | 'autostart' | 'phone' | undefined;
  /** What the payer is asked for: a signature, or only an identification. */
  readonly function: 'Signing' | 'Identification';
  /** Who called whom; undefined for an order that does not belong to a phone call. */
  readonly callInitiator: 'user' | 'RP' | undefined;
  /** Who asks, as the app would show it. */
  readonly requestedBy: string;
  /** The visible text exactly as it would be signed; empty for an identification without one. */
  readonly text: string;
  readonly format: 'plaintext' | 'simpleMarkdownV1';
  /** base64, or undefined where there is none. */
  readonly nonVisibleData: string | undefined;
  readonly endUserIp: string | undefined;
  readonly requiredPersonalNumber: string | undefined;
  /** Whether nothing but the security code is accepted. */
  readonly pinCode: boolean;
  /** What the app asks the payer for now; undefined until it is opened, and after the end. */
  readonly asks: 'call' | 'document' | 'signature' | undefined;
  /** Only for an order that was opened by autostart: where the app sends the payer afterwards. */
  readonly returnUrl: string | undefined;
  readonly collected: boolean;
  /** The scenario that is played with it. */
  readonly scenario: ScenarioId | undefined;
}
