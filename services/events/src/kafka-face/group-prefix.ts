// Groups of Kafka's clients among those of the log.

/** Before their names. */
export const GROUP_PREFIX = 'kafka.'
