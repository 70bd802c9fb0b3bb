package dev.thrum.parallel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs a test with kernels of 1, 2, 4, 8 and 16 workers: its parameter is how many.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0} workers")
@ValueSource(ints = {1, 2, 4, 8, 16})
@interface EveryTeam {}
