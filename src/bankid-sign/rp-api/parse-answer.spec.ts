import type { JsonObject } from '../../kernel/json.ts';
import {
  MalformedAnswer,
  parseCollectAnswer,
  parseCompletionData,
  parseDeviceAnswer,
  parsePhoneAnswer,
} from './parse-answer.ts';

const orderRef = '131daac9-16c6-4618-beb0-365768f37288';
const completionData: JsonObject = {
  user: { personalNumber: '191212121212', name: 'Anna Andersson', givenName: 'Anna', surname: 'Andersson' },
  device: { ipAddress: '192.0.2.9', uhi: 'OZvYM9VvyiAmG7NA5jU5zqGcVpo=' },
  bankIdIssueDate: '2025-02-01',
  stepUp: { mrtd: true },
  signature: 'PD94bWw=',
  ocspResponse: 'MIIHegoBAA==',
  risk: 'low',
};

describe('an answer to /sign and /auth', () => {
  const answer = { orderRef, autoStartToken: 'a', qrStartToken: 'q', qrStartSecret: 's' };

  it('is taken with members that we do not know', () => {
    const started = parseDeviceAnswer({ ...answer, later: { more: true } });
    expect(started.orderRef).toBe(orderRef);
    expect(started.secrets?.qrStartSecret.reveal()).toBe('s');
    expect(JSON.stringify(started)).not.toContain('"s"');
  });

  it.each(['orderRef', 'autoStartToken', 'qrStartToken', 'qrStartSecret'])('is refused without %s', (member) => {
    const rest = Object.fromEntries(Object.entries(answer).filter(([name]) => name !== member));
    expect(() => parseDeviceAnswer(rest)).toThrow(MalformedAnswer);
    expect(() => parseDeviceAnswer({ ...answer, [member]: 7 })).toThrow(MalformedAnswer);
  });
});

describe('an answer to /phone/sign and /phone/auth', () => {
  it('is the name of the order, whatever else is in it', () => {
    expect(parsePhoneAnswer({ orderRef, qrStartToken: 'q', later: 1 })).toEqual({ orderRef, secrets: undefined });
  });

  it.each([{}, { orderRef: '' }, { orderRef: 7 }, { orderRef: 'a/b' }])('is refused as %j', (answer) => {
    expect(() => parsePhoneAnswer(answer)).toThrow(MalformedAnswer);
  });
});

describe('an answer to /collect', () => {
  it('may carry a hint code that BankID invented later', () => {
    const answer = parseCollectAnswer({ orderRef, status: 'pending', hintCode: 'userDances' }, orderRef);
    expect(answer).toEqual({ status: 'pending', hintCode: 'userDances' });
  });

  it('is final without looking at what it carries', () => {
    expect(parseCollectAnswer({ orderRef, status: 'complete', completionData: 'garbage' }, orderRef)).toEqual({
      status: 'complete',
    });
    expect(parseCollectAnswer({ orderRef, status: 'failed' }, orderRef)).toEqual({
      status: 'failed',
      hintCode: 'unknown',
    });
    for (const hintCode of [null, '<b>', { a: 1 }]) {
      expect(parseCollectAnswer({ orderRef, status: 'complete', hintCode }, orderRef).status).toBe('complete');
      const failed = parseCollectAnswer({ orderRef, status: 'failed', hintCode }, orderRef);
      expect(failed).toEqual({ status: 'failed', hintCode: 'unknown' });
    }
  });

  it.each<[string, JsonObject]>([
    ['another order', { orderRef: 'another', status: 'complete' }],
    ['no order', { status: 'complete' }],
    ['a status that does not exist', { orderRef, status: 'done' }],
    ['a hint code that is no word', { orderRef, status: 'pending', hintCode: '<b>' }],
    ['a hint code that is no text', { orderRef, status: 'pending', hintCode: { a: 1 } }],
  ])('is refused when it speaks of %s', (_, body) => {
    expect(() => parseCollectAnswer(body, orderRef)).toThrow(MalformedAnswer);
  });
});

describe('completion data', () => {
  it('is read in full', () => {
    expect(parseCompletionData({ completionData })).toEqual({
      user: { personalNumber: '191212121212', name: 'Anna Andersson', givenName: 'Anna', surname: 'Andersson' },
      device: { ipAddress: '192.0.2.9', uhi: 'OZvYM9VvyiAmG7NA5jU5zqGcVpo=' },
      bankIdIssueDate: '2025-02-01',
      stepUpMrtd: true,
      signature: 'PD94bWw=',
      ocspResponse: 'MIIHegoBAA==',
      risk: 'low',
    });
  });

  it('may lack what BankID does not always give', () => {
    const { user, signature } = completionData as { user: JsonObject; signature: string };
    const rest = { user, signature };
    expect(parseCompletionData({ completionData: rest })).toMatchObject({ risk: undefined, ocspResponse: undefined });
    expect(parseCompletionData({ completionData: { ...completionData, stepUp: null } }).stepUpMrtd).toBeUndefined();
  });

  it.each<[string, JsonObject]>([
    ['completionData', {}],
    ['user', { completionData: { ...completionData, user: {} } }],
    [
      'a personal number of twelve digits',
      {
        completionData: {
          ...completionData,
          user: { personalNumber: '1212121212', name: 'A', givenName: 'A', surname: 'B' },
        },
      },
    ],
    ['a signature', { completionData: { ...completionData, signature: '' } }],
    ['a signature in base64', { completionData: { ...completionData, signature: '<Signature/>' } }],
    ['a risk that is a word', { completionData: { ...completionData, risk: 3 } }],
    ['a device that is an object', { completionData: { ...completionData, device: 'phone' } }],
  ])('is refused without %s', (_, body) => {
    expect(() => parseCompletionData(body)).toThrow(MalformedAnswer);
  });

  it('names the member at fault and never its value', () => {
    const body = {
      completionData: {
        ...completionData,
        user: { ...(completionData['user'] as JsonObject), personalNumber: '1912' },
      },
    };
    expect(() => parseCompletionData(body)).toThrow(/^user$/);
  });
});
