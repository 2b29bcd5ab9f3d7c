import type { InitiationJson } from '../../../sandbox/tpp.ts';

/** Invented persons of the simulator. */
export const anna = '199001012385';
export const bo = '198506152399';

export const callback = 'http://localhost:3003/callback';

export const payment: InitiationJson = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { bankgiro: '5050-1055' },
  remittanceInformationStructured: { reference: '12345674', referenceType: 'OCR' },
};
