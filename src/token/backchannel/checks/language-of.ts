import type { Form } from '../../form/form.ts';

/** Of the signed text and of messages. */
export type Language = 'sv' | 'en';

/**
 * The first language of the list that we have, Swedish if there is none: an unknown one is no error.
 * @see OpenID Connect Core §3.1.2.1
 */
export function languageOf(form: Form): Language {
  const tags = (form.find('ui_locales') ?? '').split(' ').map((tag) => tag.split('-')[0]?.toLowerCase());
  return tags.find((tag): tag is Language => tag === 'sv' || tag === 'en') ?? 'sv';
}
