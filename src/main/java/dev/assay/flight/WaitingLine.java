package dev.assay.flight;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Who waits for a lane with one precedence: the tasks of the instance, served in equal shares.
///
/// Tasks ask at their own moments, those of one thread always in the same order. So one that was
/// served more leaves room for those that were served less, as many calls as they are behind;
/// otherwise the first to ask would take all, and the last would have what nobody else wants. The
/// counts are those of start-time fair queueing (P. Goyal, H. Vin, H. Cheng, SIGCOMM 1996).
///
/// Used under the lane's lock.
final class WaitingLine {

    /// One that has not asked for so long is busy with other things, and room is not left for it.
    static final Duration ABSENT_AFTER = Duration.ofMillis(100);

    /// A task in the line.
    static final class Member {
        private int waiting;
        private long served;
        private Instant askedAt = Instant.MIN;
    }

    /// Those with calls that wait.
    private final List<Member> members = new ArrayList<>();

    private int waiting;

    /// Calls that wait.
    int waiting() {
        return waiting;
    }

    /// Says how many calls of a member wait.
    void waits(Member member, int calls, Instant now) {
        member.askedAt = now;
        if (member.waiting == 0 && calls > 0) {
            // Whoever comes now has no claim for the time before.
            members.stream()
                    .mapToLong(other -> other.served)
                    .min()
                    .ifPresent(least -> member.served = Math.max(member.served, least));
            members.add(member);
        } else if (member.waiting > 0 && calls == 0) {
            members.remove(member);
        }
        waiting += calls - member.waiting;
        member.waiting = calls;
    }

    /// Calls of other members that go before the next one of this.
    ///
    /// @param most that any other may be behind
    int before(Member member, int most, Instant now) {
        int before = 0;
        for (Member other : members) {
            if (other != member && hasAskedOfLate(other, now)) {
                long behind = Math.min(member.served - other.served, most);
                before += Math.clamp(behind, 0, other.waiting);
            }
        }
        return before;
    }

    /// A call of this member has started.
    ///
    /// @param most that any other may be behind
    void served(Member member, int most) {
        member.served++;
        for (Member other : members) {
            other.served = Math.max(other.served, member.served - most);
        }
    }

    /// The most that one may be behind others: what is its share of so many calls at once.
    int share(int calls) {
        return Math.max(1, calls / Math.max(1, members.size()));
    }

    private static boolean hasAskedOfLate(Member member, Instant now) {
        return !now.isBefore(member.askedAt) && !now.isAfter(member.askedAt.plus(ABSENT_AFTER));
    }
}
