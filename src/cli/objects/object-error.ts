/** An error of this side whose message is what is to be said. */
export class ObjectError extends Error {}
