/** From `from` up to, and without, `to`. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}
