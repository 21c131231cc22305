/** How far a request's time may be from the server's, either way. */
export const SKEW_MS_MAX = 15 * 60 * 1000
