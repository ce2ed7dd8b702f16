/** An echo server; the emulator of Android reaches the computer that it runs on as 10.0.2.2. */
export const SERVER = 'ws://10.0.2.2:8080';
