import { openRequestModel } from '#nlu'

/** Trains the model of requests once, if its data or code changed, so that no test file does. */
export function setup(): void {
  openRequestModel()
}
