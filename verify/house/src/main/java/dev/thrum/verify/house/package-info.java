/// Fails the build when a room breaks the rules of the house.
///
/// `Table` says which rooms there are and what each may require. `House` compares compiled module descriptors with it.
/// `Reactor` finds the rooms that this build has.
@NullMarked
package dev.thrum.verify.house;

import org.jspecify.annotations.NullMarked;
