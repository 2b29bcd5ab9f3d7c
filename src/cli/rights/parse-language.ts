import type { Language } from '../../design/language.ts';

/** Swedish unless another one is named. @throws ExportRequestError */
export async function parseLanguage(value: string | undefined): Promise<Language> {
  const { ExportRequestError } = await import('../../compliance/export-request.ts');
  if (value !== undefined && value !== 'sv' && value !== 'en') throw new ExportRequestError('--lang is sv or en');
  return value ?? 'sv';
}
