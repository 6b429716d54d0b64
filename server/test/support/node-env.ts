const { PATH, NODE_COMPILE_CACHE } = process.env

/** What each process of the tests is given: with what was compiled before, a boot takes two thirds of the work. */
export const nodeEnv = { PATH, NODE_COMPILE_CACHE }
