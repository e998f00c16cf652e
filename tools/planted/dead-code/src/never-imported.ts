// Planted: nobody imports this file.
export const lonely = 1
