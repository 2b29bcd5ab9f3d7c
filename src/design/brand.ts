import { Assets, type Asset } from './assets.ts';
import type { Colour } from './contrast.ts';
import { textOn } from './contrast.ts';

/** How a bank shows itself, as its operator has said it. */
export interface BrandSettings {
  readonly displayName: string | undefined;
  /** The bytes of a PNG that {@link checkLogo} has accepted. */
  readonly logo: Buffer | undefined;
  readonly accent: { readonly onLight: Colour; readonly onDark: Colour } | undefined;
  readonly privacyNotice: string | undefined;
  readonly support: string | undefined;
}

/** A bank as it stands on a page. */
export interface Brand {
  readonly name: string;
  /** Paths of what the page loads for it. */
  readonly stylesheet: string | undefined;
  readonly logo: string | undefined;
  readonly privacyNotice: string | undefined;
  readonly support: string | undefined;
}

/** The grounds that an accent lies on, as `look/base.css` has them: page and card, light and dark. */
export const grounds = { light: ['#f4f2ee', '#fffefc'], dark: ['#141312', '#1f1d1b'] } as const;

/** All banks that say how they show themselves, and the files that their pages load. */
export class Branding {
  readonly #brands: ReadonlyMap<string, BrandAssets>;

  constructor(settings: ReadonlyMap<string, BrandSettings>) {
    this.#brands = new Map([...settings].map(([bank, own]) => [bank, new BrandAssets(own)]));
  }

  /** What the bank with this id shows; one that says nothing shows its registered name alone. */
  brandOf(bank: string, registeredName: string): Brand {
    return this.#brands.get(bank)?.brand(registeredName) ?? { ...plain, name: registeredName };
  }

  /** The file of some brand with this exact name, if there is one. */
  findAsset(file: string): Asset | undefined {
    for (const brand of this.#brands.values()) {
      const asset = brand.find(file);
      if (asset) return asset;
    }
    return undefined;
  }
}

const plain = { stylesheet: undefined, logo: undefined, privacyNotice: undefined, support: undefined };

class BrandAssets {
  readonly #settings: BrandSettings;
  readonly #assets: Assets<'brand.css' | 'logo.png'>;

  constructor(settings: BrandSettings) {
    this.#settings = settings;
    this.#assets = new Assets('/assets', {
      ...(settings.accent && { 'brand.css': stylesheetOf(settings.accent) }),
      ...(settings.logo && { 'logo.png': settings.logo }),
    });
  }

  brand(registeredName: string): Brand {
    const { displayName, privacyNotice, support } = this.#settings;
    return {
      name: displayName ?? registeredName,
      stylesheet: this.#assets.findPath('brand.css'),
      logo: this.#assets.findPath('logo.png'),
      ...{ privacyNotice, support },
    };
  }

  find(file: string): Asset | undefined {
    return this.#assets.find(file);
  }
}

function stylesheetOf({ onLight, onDark }: NonNullable<BrandSettings['accent']>): string {
  return `${rule(onLight)}\n@media (prefers-color-scheme: dark) {\n${rule(onDark)}\n}\n`;
}

function rule(colour: Colour): string {
  return `:root { --accent: ${colour}; --on-accent: ${textOn(colour)}; }`;
}
