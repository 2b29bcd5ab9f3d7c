import { X509Certificate } from 'node:crypto';
import { qrFrame } from '../../../simulator/orders/qr-frame.ts';
import type { CompletionData } from '../../../simulator/orders/order.ts';
import { Bench, base64, order } from '../../support/bankid/relying-party.ts';
import { describeWithSamples, sample } from '../../support/evidence/samples.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
}, 60_000);
afterAll(() => bench.stop());

const identification = { endUserIp: '192.0.2.17' } as const;

async function identified(members: object = {}): Promise<CompletionData> {
  const { orderRef, autoStartToken } = await bench.placeAt('auth', { ...identification, ...members });
  await bench.app.open(autoStartToken);
  await bench.app.sign(orderRef);
  return (await bench.collect(orderRef)).body.completionData;
}

const xmlOf = ({ signature }: CompletionData): string => Buffer.from(signature, 'base64').toString('utf8');

function keyUsageOf(xml: string): 'digitalSignature' | 'nonRepudiation' | undefined {
  const leaf = new X509Certificate(Buffer.from(/<X509Certificate>([^<]*)/.exec(xml)![1]!, 'base64'));
  if (leaf.raw.includes(Buffer.from('0603551d0f0101ff040403020780', 'hex'))) return 'digitalSignature';
  return leaf.raw.includes(Buffer.from('0603551d0f0101ff040403020640', 'hex')) ? 'nonRepudiation' : undefined;
}

describe('an identification', () => {
  it('is opened by a QR frame or an autostart token, and complete once, as a signature is', async () => {
    const { orderRef, qrStartToken, qrStartSecret } = await bench.placeAt('auth', identification);
    expect((await bench.collect(orderRef)).body.hintCode).toBe('outstandingTransaction');
    const view = await bench.app.scan(qrFrame(qrStartToken, qrStartSecret, 0));
    expect(view).toMatchObject({ function: 'Identification', text: '', startedBy: 'qr' });
    expect((await bench.collect(orderRef)).body.hintCode).toBe('userSign');
    await bench.app.sign(orderRef, { personalNumber: '198506152399' });
    const { status, completionData } = (await bench.collect(orderRef)).body;
    expect([status, completionData.user.name]).toEqual(['complete', 'Bo Berg']);
    expect((await bench.collect(orderRef)).status).toBe(400);
  });

  it('is signed with the key for identification, under a certificate with the usage digitalSignature', async () => {
    const xml = xmlOf(await identified());
    expect(xml).toContain('<funcId>Identification</funcId>');
    expect(keyUsageOf(xml)).toBe('digitalSignature');
  });

  it('without a text has neither visible nor non-visible data in what is signed', async () => {
    const xml = xmlOf(await identified());
    expect(xml).toMatch(/<bankIdSignedData [^>]*><srvInfo>/);
    expect(xml).not.toContain('VisibleData');
  });

  it('signs its visible and non-visible data to the byte', async () => {
    const data = { userVisibleData: base64('Du loggar in.\n'), userNonVisibleData: base64('{"nonce":1}') };
    const xml = xmlOf(await identified(data));
    expect(xml).toContain(`<usrVisibleData charset="UTF-8" visible="wysiwys">${data.userVisibleData}</usrVisibleData>`);
    expect(xml).toContain(`<usrNonVisibleData>${data.userNonVisibleData}</usrNonVisibleData>`);
  });

  it('reports a risk when it is asked to', async () => {
    expect((await identified({ returnRisk: true })).risk).toBe('low');
    expect(await identified()).not.toHaveProperty('risk');
  });

  it('leads back to its returnUrl after an autostart', async () => {
    const placed = await bench.placeAt('auth', { ...identification, returnUrl: 'https://shop.test/back' });
    expect((await bench.app.open(placed.autoStartToken)).returnUrl).toBe('https://shop.test/back');
  });

  it('is cancelled by the relying party', async () => {
    const { orderRef } = await bench.placeAt('auth', identification);
    expect((await bench.call('cancel', { orderRef })).body).toEqual({});
    expect((await bench.collect(orderRef)).status).toBe(400);
  });

  it('cancels both orders when the same person has a signature under way', async () => {
    const requirement = { personalNumber: '199001012385' };
    const { orderRef } = await bench.place({ requirement });
    const second = await bench.call('auth', { ...identification, requirement });
    expect([second.status, second.body.errorCode]).toEqual([400, 'alreadyInProgress']);
    expect((await bench.collect(orderRef)).body.hintCode).toBe('cancelled');
  });

  it('is answered by a signature when the simulator was asked for that', async () => {
    await bench.app.setFault({ next: 'order', function: 'Signing' });
    const xml = xmlOf(await identified());
    expect(xml).toContain('<funcId>Signing</funcId>');
    expect(keyUsageOf(xml)).toBe('nonRepudiation');
  });
});

describe('the members of /auth', () => {
  it.each([
    ['no address', { endUserIp: undefined }, 'Invalid parameter endUserIp'],
    ['an address mapped from IPv4', { endUserIp: '::ffff:192.0.2.17' }, 'Invalid parameter endUserIp'],
    ['empty visible data', { userVisibleData: '' }, 'Invalid parameter userVisibleData'],
    ['visible data that is not UTF-8', { userVisibleData: '/w==' }, 'Invalid parameter userVisibleData'],
    [
      'visible data longer than 1 500',
      { userVisibleData: base64('a'.repeat(1126)) },
      'Invalid parameter userVisibleData',
    ],
    [
      'non-visible data longer than 1 500',
      { userNonVisibleData: base64('a'.repeat(1126)) },
      'Invalid parameter userNonVisibleData',
    ],
    ['an unknown format', { userVisibleDataFormat: 'html' }, 'Invalid parameter userVisibleDataFormat'],
    ['a returnUrl longer than 512', { returnUrl: 'a'.repeat(513) }, 'Invalid parameter returnUrl'],
    ['a risk that is asked for by a word', { returnRisk: 'true' }, 'Invalid parameter returnRisk'],
    ['both web and app', { web: { userAgent: 'a' }, app: { deviceOS: 'b' } }, 'Invalid parameter web and app'],
    ['an unknown member', { callInitiator: 'user' }, 'Unknown parameter callInitiator'],
    [
      'a personal number outside the requirement',
      { personalNumber: '199001012385' },
      'Unknown parameter personalNumber',
    ],
    ['a pinCode that is no flag', { requirement: { pinCode: 1 } }, 'Invalid parameter requirement.pinCode'],
    [
      'a card reader of no class',
      { requirement: { cardReader: 'class3' } },
      'Invalid parameter requirement.cardReader',
    ],
    [
      'a policy that is no OID',
      { requirement: { certificatePolicies: ['1.2.x'] } },
      'Invalid parameter requirement.certificatePolicies',
    ],
  ])('refuses %s', async (_, members, details) => {
    const answer = await bench.call('auth', { ...identification, ...members });
    expect(answer).toEqual({ status: 400, body: { errorCode: 'invalidParameters', details } });
  });

  it.each([
    ['1 500 characters each of visible and non-visible data', base64('a'.repeat(1125))],
    ['no data', undefined],
  ])('accepts %s', async (_, data) => {
    const members = { ...identification, userVisibleData: data, userNonVisibleData: data };
    expect((await bench.call('auth', members)).status).toBe(200);
  });

  it('accepts all that /sign does beside the data', async () => {
    const requirement = { pinCode: true, mrtd: true, cardReader: 'class1', certificatePolicies: ['1.2.3.4.25'] };
    const web = { referringDomain: 'shop.test', userAgent: 'a', deviceIdentifier: 'b' };
    await bench.placeAt('auth', { ...identification, requirement, web, returnRisk: true, returnUrl: 'https://a.test' });
  });

  it('has planned faults of its own', async () => {
    await bench.app.setFault({ next: 'request', endpoint: 'auth', kind: 'error', status: 500 });
    expect((await bench.call('sign', order)).status).toBe(200);
    expect((await bench.call('auth', identification)).status).toBe(500);
  });
});

describeWithSamples('an identification beside a genuine one', () => {
  it('has the same elements and attributes in the same order', async () => {
    const genuine = sample('signatures/official-identification.xml').toString('utf8');
    const ours = xmlOf(await identified({ userVisibleData: base64('a'), userNonVisibleData: base64('b') }));
    expect(markupOf(ours)).toEqual(markupOf(genuine));
    expect(keyUsageOf(ours)).toBe(keyUsageOf(genuine));
  });
});

/** The tags of a document without their contents. */
const markupOf = (xml: string): string[] => xml.trim().match(/<[^>]+>/g)!;
