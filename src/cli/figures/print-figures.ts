import { inService } from '../command-context.ts';

interface FiguresOptions {
  readonly bank: string;
  readonly halfYear?: string;
  readonly from?: string;
  readonly to?: string;
  readonly csv?: true;
  readonly json?: true;
}

/** What `sigill figures` does. */
export async function printFigures(options: FiguresOptions): Promise<void> {
  await inService(async (context) => {
    const { Clients } = await import('../../clients/clients.ts');
    const { ExportRequestError, parseBank, parsePeriod } = await import('../../compliance/export-request.ts');
    const { Figures, figuresCsv, figuresText, parseHalfYear } = await import('../../compliance/figures.ts');
    const { bank, halfYear, from, to, csv, json } = options;
    if (csv && json) throw new ExportRequestError('--csv and --json are two forms of the same: choose one of them');
    if ((halfYear === undefined) === ((from ?? to) === undefined))
      throw new ExportRequestError('give either --half-year, or --from and --to');
    const { id } = parseBank(bank, context.get(Clients, { strict: false }));
    const period = halfYear === undefined ? parsePeriod({ from: from ?? '', to: to ?? '' }) : parseHalfYear(halfYear);
    const figures = await context.get(Figures, { strict: false }).ofBank(id, period);
    process.stdout.write(csv ? figuresCsv(figures) : json ? `${JSON.stringify(figures)}\n` : figuresText(figures));
  }, 'the figures could not be made');
}
