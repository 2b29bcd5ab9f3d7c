import { DomainError } from '../../kernel/errors.ts';
import { MessagePipe } from '../../http/message.pipe.ts';
import type { ConsumeRequest, ExecutionReport } from '../consumption/consumption.ts';
import { ConsumeRequestDto, ExecutionReportDto } from './consents.dto.ts';
import { parseConsumeRequest, parseExecutionReport } from './parse-body.ts';

const body = {
  accessTokenSha256: 'A'.repeat(43),
  payment: {
    type: 'payment_initiation',
    instructedAmount: { currency: 'SEK', amount: '12.50' },
    creditorName: 'Elbolaget AB',
    creditorAccount: { bankgiro: '50501055' },
  },
  payer: { personalNumber: '191212121212' },
  paymentReference: 'PAY-2026-1',
};

const pipe = new MessagePipe();

/** As the route reads it: by its class, and by what no class says. */
async function readConsumption(value: unknown): Promise<ConsumeRequest> {
  return parseConsumeRequest(
    (await pipe.transform(value, { type: 'body', metatype: ConsumeRequestDto })) as ConsumeRequestDto,
  );
}

async function readReport(value: unknown): Promise<ExecutionReport> {
  return parseExecutionReport(
    (await pipe.transform(value, { type: 'body', metatype: ExecutionReportDto })) as ExecutionReportDto,
  );
}

async function faultOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${error.pointer ?? ''}`;
    throw error;
  }
  return 'none';
}

describe('a consume call', () => {
  it('is read whole', async () => {
    const { payment, ...others } = await readConsumption(body);
    expect(others).toEqual({
      accessTokenSha256: Buffer.alloc(32),
      payer: '191212121212',
      paymentReference: 'PAY-2026-1',
    });
    expect(payment.instructedAmount).toEqual({ currency: 'SEK', amountMinor: 1250n });
  });

  it.each<[string, unknown, string]>([
    ['an array', [], 'request.malformed '],
    ['null', null, 'request.malformed '],
    ['a text', 'x', 'request.malformed '],
    ['nothing', undefined, 'request.malformed '],
    ['an unknown member', { ...body, force: true }, 'request.malformed /force'],
    ['no token hash', { ...body, accessTokenSha256: undefined }, 'request.malformed /accessTokenSha256'],
    ['a token hash of another length', { ...body, accessTokenSha256: 'AAAA' }, 'request.malformed /accessTokenSha256'],
    [
      'a second name of a hash',
      { ...body, accessTokenSha256: `${'A'.repeat(42)}B` },
      'request.malformed /accessTokenSha256',
    ],
    ['no payer', { ...body, payer: undefined }, 'request.malformed /payer'],
    ['a payer who is no object', { ...body, payer: '191212121212' }, 'request.malformed /payer'],
    ['several payers', { ...body, payer: [{ personalNumber: '191212121212' }] }, 'request.malformed /payer'],
    [
      'a wrong check digit',
      { ...body, payer: { personalNumber: '191212121213' } },
      'request.malformed /payer/personalNumber',
    ],
    [
      'an unknown member of the payer',
      { ...body, payer: { ...body.payer, name: 'x' } },
      'request.malformed /payer/name',
    ],
    ['a payment that is no object', { ...body, payment: 'x' }, 'request.malformed /payment'],
    [
      'a payment with a fault',
      { ...body, payment: { ...body.payment, creditorName: '' } },
      'initiation.invalid /payment/creditorName',
    ],
    ['an empty reference', { ...body, paymentReference: '' }, 'request.malformed /paymentReference'],
    ['a reference with a line break', { ...body, paymentReference: 'a\nb' }, 'request.malformed /paymentReference'],
    [
      'a reference of 101 characters',
      { ...body, paymentReference: 'a'.repeat(101) },
      'request.malformed /paymentReference',
    ],
  ])('is refused with %s', async (_what, wrong, fault) => {
    expect(await faultOf(readConsumption(wrong))).toBe(fault);
  });
});

describe('an execution report', () => {
  it('says executed, or failed and why', async () => {
    expect(await readReport({ execution: 'executed' })).toEqual({ execution: 'executed', reason: undefined });
    expect(await readReport({ execution: 'failed', reason: 'no cover' })).toEqual({
      execution: 'failed',
      reason: 'no cover',
    });
  });

  it.each<[unknown, string]>([
    [{ execution: 'failed' }, 'request.malformed /reason'],
    [{ execution: 'executed', reason: 'x' }, 'request.malformed /reason'],
    [{ execution: 'failed', reason: null }, 'request.malformed /reason'],
    [{ execution: 'pending' }, 'request.malformed /execution'],
    [{}, 'request.malformed /execution'],
    [null, 'request.malformed '],
  ])('is refused as %j', async (wrong, fault) => {
    expect(await faultOf(readReport(wrong))).toBe(fault);
  });
});
