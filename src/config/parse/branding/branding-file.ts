import { dirname, resolve } from 'node:path';
import { type BrandSettings, Branding, grounds } from '../../../design/brand.ts';
import { type Colour, contrast, isColour } from '../../../design/contrast.ts';
import { checkLogo, LogoFault } from '../../../design/logo.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts';
import { ConfigError } from '../../config.ts';
import { fault, Faults } from '../faults.ts';
import { parseJson } from '../key-rings.ts';
import type { Variables } from '../variables.ts';

const NAME = 'BRANDING_FILE';
const MEMBERS = ['displayName', 'logo', 'accent', 'accentOnDark', 'privacyNotice', 'support'];
/** What makes a control stand out from its ground (WCAG 2.2, 1.4.11). */
const MIN_CONTRAST = 3;
/**
 * Letters of any script, and what stands between them; no character that turns the direction, and none that is not seen: Unicode has such
 * letters and marks too, and U+2800 is a symbol without a dot.
 */
const DISPLAY_NAME =
  /^(?! )(?:(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{M}\p{N}\p{P}\p{S}]| (?! |$)){1,70}$/u;

/**
 * How each bank shows itself on the payer's pages; nothing where BRANDING_FILE is not set.
 * @param clients the JSON of CLIENTS_FILE
 * @throws ConfigError with all faults
 */
export function parseBranding(variables: Variables, clients: () => unknown): Branding {
  if (variables.find(NAME) === undefined) return new Branding(new Map());
  const file = parseJson(NAME, variables.readFile(NAME).toString('utf8'));
  if (!isJsonObject(file)) throw fault(`${NAME} is not a JSON object with a member for each bank.`);
  const faults = new Faults();
  const banks = Object.entries(file).map(([bank, value]) => {
    faults.collect(() => checkBank(bank, clients));
    return [bank, faults.collect(() => parseBrand(variables, bank, value))] as const;
  });
  faults.throwIfAny();
  return new Branding(new Map(banks.map(([bank, brand]) => [bank, brand()])));
}

/** Where CLIENTS_FILE has faults itself, they are reported, and no bank is compared with it. */
function checkBank(bank: string, clients: () => unknown): void {
  const registered = findBanks(clients);
  if (registered !== undefined && !registered.includes(bank)) throw faultOf(bank, '', 'is no registered bank');
}

function findBanks(clients: () => unknown): readonly unknown[] | undefined {
  try {
    const all = clients() as readonly unknown[];
    return all.map((client) => (isJsonObject(client) && client['role'] === 'bank' ? client['id'] : undefined));
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

function parseBrand(variables: Variables, bank: string, value: unknown): BrandSettings {
  if (!isJsonObject(value)) throw faultOf(bank, '', 'is not an object');
  const faults = new Faults();
  faults.collect(() => checkMembers(bank, value));
  const displayName = faults.collect(() => parseDisplayName(bank, value));
  const logo = faults.collect(() => parseLogo(variables, bank, value['logo']));
  const accent = faults.collect(() => parseAccent(bank, value));
  const privacyNotice = faults.collect(() => parseLink(bank, 'privacyNotice', value));
  const support = faults.collect(() => parseLink(bank, 'support', value));
  faults.throwIfAny();
  return {
    displayName: displayName(),
    logo: logo(),
    accent: accent(),
    privacyNotice: privacyNotice(),
    support: support(),
  };
}

function checkMembers(bank: string, value: JsonObject): void {
  const unknown = Object.keys(value).filter((member) => !MEMBERS.includes(member));
  if (unknown.length > 0)
    throw new ConfigError(unknown.map((member) => textOf(bank, `/${member}`, 'is an unknown member')));
}

function parseDisplayName(bank: string, { displayName }: JsonObject): string | undefined {
  if (displayName === undefined) return undefined;
  if (typeof displayName !== 'string' || !DISPLAY_NAME.test(displayName))
    throw faultOf(
      bank,
      '/displayName',
      'is not a name of 1 to 70 visible characters with single spaces between its words',
    );
  return displayName;
}

/** A relative path counts from the folder of BRANDING_FILE. */
function parseLogo(variables: Variables, bank: string, logo: unknown): Buffer | undefined {
  if (logo === undefined) return undefined;
  if (typeof logo !== 'string' || logo === '') throw faultOf(bank, '/logo', 'is not the path of a PNG');
  const path = resolve(dirname(variables.get(NAME)), logo);
  const bytes = variables.readFileAt(`${NAME} /${bank}/logo`, path);
  try {
    checkLogo(bytes);
  } catch (error) {
    if (error instanceof LogoFault) throw faultOf(bank, '/logo', `${path} ${error.message}`);
    throw error;
  }
  return bytes;
}

function parseAccent(bank: string, value: JsonObject): BrandSettings['accent'] {
  const { accent, accentOnDark = accent } = value;
  if (accent === undefined && accentOnDark === undefined) return undefined;
  const faults = new Faults();
  const onLight = faults.collect(() => parseColour(bank, 'accent', accent, 'light'));
  const onDark = faults.collect(() =>
    parseColour(bank, value['accentOnDark'] === undefined ? 'accent' : 'accentOnDark', accentOnDark, 'dark'),
  );
  faults.throwIfAny();
  return { onLight: onLight(), onDark: onDark() };
}

function parseColour(bank: string, member: string, value: unknown, scheme: keyof typeof grounds): Colour {
  if (!isColour(value)) throw faultOf(bank, `/${member}`, 'is not a colour as #rrggbb');
  const [ratio = 0, ground = ''] =
    grounds[scheme].map((colour) => [contrast(value, colour), colour] as const).toSorted(([a], [b]) => a - b)[0] ?? [];
  if (ratio >= MIN_CONTRAST) return value;
  const advice = scheme === 'dark' && member === 'accent' ? '; give a lighter one as accentOnDark' : '';
  throw faultOf(
    bank,
    `/${member}`,
    `${value} has a contrast of ${floor(ratio)}:1 to ${ground}, the ${scheme} ground; at least ${MIN_CONTRAST}:1 is needed${advice}`,
  );
}

/** Never rounded up: 2.996 is not 3. */
function floor(ratio: number): string {
  return (Math.floor(ratio * 100) / 100).toFixed(2);
}

function parseLink(bank: string, member: 'privacyNotice' | 'support', value: JsonObject): string | undefined {
  const link = value[member];
  if (link === undefined) return undefined;
  const url = typeof link === 'string' ? URL.parse(link) : null;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw faultOf(bank, `/${member}`, 'is not an https URL');
  return url.href;
}

function faultOf(bank: string, pointer: string, text: string): ConfigError {
  return fault(textOf(bank, pointer, text));
}

function textOf(bank: string, pointer: string, text: string): string {
  return `${NAME} /${bank}${pointer} ${text}.`;
}
