"""The broker: SUBSCRIBE, PUBLISH, EVENT, UNSUBSCRIBE and their errors."""

import asyncio

from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.types import PublishOptions, SubscribeOptions

from client import ACKNOWLEDGE, Inbox, soon
from runner import case


async def expect_error(awaitable, uri):
    try:
        await soon(awaitable, f"an answer where {uri} is expected")
    except ApplicationError as error:
        assert error.error == uri, f"{error.error} instead of {uri}"
        return error
    raise AssertionError(f"no error where {uri} is expected")


@case
async def publish_acknowledged(world):
    """an acknowledged publication has an id, which its events carry"""
    publisher, subscriber = await world.join_many(2)
    inbox = await Inbox().subscribe(subscriber, world.uri("topic"))
    publication = await soon(publisher.publish(world.uri("topic"), 1, two=2, options=ACKNOWLEDGE), "PUBLISHED")
    args, kwargs, details = await inbox.event()
    assert (args, kwargs) == ([1], {"two": 2}), (args, kwargs)
    assert 1 <= publication.id <= 2**53
    assert details.publication == publication.id


@case
async def publish_payloads(world):
    """events carry args and kwargs as they were published, none of them included"""
    publisher, subscriber = await world.join_many(2)
    inbox = await Inbox().subscribe(subscriber, world.uri("topic"))
    payloads = [
        ([], {}),
        ([1], {}),
        ([], {"only": "keyword"}),
        ([1, [2, [3, []]], {"a": {"b": [None, True, False]}}], {"x": [], "y": {}, "z": None}),
    ]
    for args, kwargs in payloads:
        publisher.publish(world.uri("topic"), *args, **kwargs)
    for payload in payloads:
        assert await inbox.payload() == payload


@case
async def publisher_exclusion(world):
    """a publisher gets its own event only with exclude_me false"""
    publisher, other = await world.join_many(2)
    own = await Inbox().subscribe(publisher, world.uri("topic"))
    others = await Inbox().subscribe(other, world.uri("topic"))
    publisher.publish(world.uri("topic"), "excluded")
    publisher.publish(world.uri("topic"), "also excluded", options=PublishOptions(exclude_me=True))
    publisher.publish(world.uri("topic"), "included", options=PublishOptions(exclude_me=False))
    assert await own.payload() == (["included"], {})
    for text in ("excluded", "also excluded", "included"):
        assert await others.payload() == ([text], {})


@case
async def private_event(world):
    """an event for some of the subscribers only is refused, and reaches nobody"""
    publisher, other = await world.join_many(2)
    inbox = await Inbox().subscribe(other, world.uri("topic"))
    for options in (
        {"eligible": [other.session_id]}, {"exclude": [other.session_id]}, {"eligible_authid": ["joe"]},
        {"eligible_authrole": ["admin"]}, {"exclude_authid": ["joe"]}, {"exclude_authrole": ["admin"]},
    ):
        publisher.publish(world.uri("topic"), "private", options=PublishOptions(**options))
        acknowledged = publisher.publish(
            world.uri("topic"), "private", options=PublishOptions(acknowledge=True, **options))
        await expect_error(acknowledged, "wamp.error.option_not_allowed")
    publisher.publish(world.uri("topic"), "for all")
    assert await inbox.payload() == (["for all"], {})


@case
async def fan_out(world):
    """every subscriber gets every event once, with one publication id"""
    publisher, *subscribers = await world.join_many(9)
    inboxes = [await Inbox().subscribe(subscriber, world.uri("topic")) for subscriber in subscribers]
    ids = []
    for number in range(20):
        ids.append((await soon(publisher.publish(world.uri("topic"), number, options=ACKNOWLEDGE), "PUBLISHED")).id)
    assert len(set(ids)) == len(ids), "publication ids repeat"
    for inbox in inboxes:
        for number, publication in enumerate(ids):
            args, _, details = await inbox.event()
            assert (args, details.publication) == ([number], publication)
    for subscriber in subscribers:
        await subscriber.barrier()
    assert all(inbox.events.empty() for inbox in inboxes), "more events than publications"


@case
async def one_topic(world):
    """a topic has one subscription id, for as long as it has subscribers"""
    first, second = await world.join_many(2)
    ids = {(await Inbox().subscribe(session, world.uri("topic"))).subscription.id for session in (first, second, first)}
    assert len(ids) == 1, ids
    other = (await Inbox().subscribe(first, world.uri("another"))).subscription.id
    assert other not in ids


@case
async def exact_match(world):
    """an event goes to its own topic and to none that resembles it"""
    publisher, subscriber = await world.join_many(2)
    inbox = await Inbox().subscribe(subscriber, world.uri("topic"))
    for name in ("topi", "topic1", "topic.sub", "Topic", "topic"):
        publisher.publish(world.uri(name), name)
    assert await inbox.payload() == (["topic"], {})
    await subscriber.barrier()
    assert inbox.events.empty()


async def topics(inbox, count):
    """What the next events tell as their topics; each carries its topic as its payload too."""
    found = []
    for _ in range(count):
        args, _, details = await inbox.event()
        assert args == [details.topic], (args, details.topic)
        found.append(details.topic)
    return found


@case
async def prefix_match(world):
    """a prefix gets every topic that starts with it, within a component too, and its events tell the topic"""
    publisher, subscriber = await world.join_many(2)
    inbox = await Inbox().subscribe(subscriber, world.uri("some.to"), match="prefix")
    for name in ("some.t", "some.to", "some.topic", "some.topic.sub", "other.some.to", "some.to.x"):
        publisher.publish(world.uri(name), world.uri(name))
    await publisher.barrier()
    expected = [world.uri(name) for name in ("some.to", "some.topic", "some.topic.sub", "some.to.x")]
    assert await topics(inbox, 4) == expected
    await subscriber.barrier()
    assert inbox.events.empty()


@case
async def wildcard_match(world):
    """a wildcard gets the topics with any one component in the place of each empty one"""
    publisher, subscriber = await world.join_many(2)
    inbox = await Inbox().subscribe(subscriber, world.uri("a..c."), match="wildcard")
    for name in ("a.b.c.d", "a.b.c", "a.b.b.c.d", "a.xyz.c.d", "a.b.x.d", "a.b.c.d.e", "a.b.c.ü"):
        publisher.publish(world.uri(name), world.uri(name))
    await publisher.barrier()
    assert await topics(inbox, 3) == [world.uri(name) for name in ("a.b.c.d", "a.xyz.c.d", "a.b.c.ü")]
    await subscriber.barrier()
    assert inbox.events.empty()


@case
async def three_policies(world):
    """one URI under three policies is three subscriptions, with one event each and one publication id"""
    publisher, subscriber, other = await world.join_many(3)
    inboxes = [await Inbox().subscribe(subscriber, world.uri("topic"), match) for match in (None, "prefix", "wildcard")]
    ids = [inbox.subscription.id for inbox in inboxes]
    assert len(set(ids)) == 3, ids
    again = (await Inbox().subscribe(other, world.uri("topic"), "prefix")).subscription.id
    assert again == ids[1], (again, ids)
    publication = await soon(publisher.publish(world.uri("topic"), 1, options=ACKNOWLEDGE), "PUBLISHED")
    for inbox in inboxes:
        args, _, details = await inbox.event()
        assert (args, details.publication) == ([1], publication.id), (args, details)
    await soon(inboxes[1].subscription.unsubscribe(), "UNSUBSCRIBED")
    await soon(publisher.publish(world.uri("topic"), 2, options=ACKNOWLEDGE), "PUBLISHED")
    assert [await inboxes[place].payload() for place in (0, 2)] == [([2], {}), ([2], {})]
    await subscriber.barrier()
    assert inboxes[1].events.empty()


@case
async def match_everything(world):
    """the empty prefix gets every topic of the realm"""
    publisher, subscriber = await world.join_many(2)
    inbox = await Inbox().subscribe(subscriber, "", match="prefix")
    for name in ("one", "two.three"):
        publisher.publish(world.uri(name), world.uri(name))
    assert await topics(inbox, 2) == [world.uri("one"), world.uri("two.three")]


@case
async def pattern_across_serializers(world):
    """an event of a pattern tells its topic to a subscriber of the other serializer"""
    publisher = await world.join()
    subscriber = await world.join(dialect=world.dialect.other())
    inbox = await Inbox().subscribe(subscriber, world.uri("a."), match="prefix")
    for number in range(100):
        publisher.publish(world.uri(f"a.{number}"), world.uri(f"a.{number}"))
    assert await topics(inbox, 100) == [world.uri(f"a.{number}") for number in range(100)]


@case
async def invalid_patterns(world):
    """each policy has its own rule for where a component may be empty"""
    session = await world.join()
    for match, topic in (("prefix", "com..example"), ("prefix", ".com"), ("exact", "com.")):
        options = SubscribeOptions(match=match)
        await expect_error(session.subscribe(lambda: None, topic, options), "wamp.error.invalid_uri")
    await session.barrier()


@case
async def order(world):
    """two thousand events of one publisher arrive in their order at every subscriber"""
    publisher, *subscribers = await world.join_many(4)
    inboxes = [await Inbox().subscribe(subscriber, world.uri("topic")) for subscriber in subscribers]
    for number in range(2000):
        publisher.publish(world.uri("topic"), number)
        if number % 100 == 99:
            await publisher.barrier()
    for inbox in inboxes:
        assert [(await inbox.event())[0][0] for _ in range(2000)] == list(range(2000))


@case
async def order_of_two_topics(world):
    """events of one publisher to two topics keep their order at a subscriber of both"""
    publisher, subscriber = await world.join_many(2)
    inbox = await Inbox().subscribe(subscriber, world.uri("even"))
    odd = Inbox()
    odd.events = inbox.events
    await odd.subscribe(subscriber, world.uri("odd"))
    for number in range(500):
        publisher.publish(world.uri("odd" if number % 2 else "even"), number)
    assert [(await inbox.event())[0][0] for _ in range(500)] == list(range(500))


@case
async def many_publishers(world):
    """events of several publishers at once each keep their publisher's order"""
    subscriber, *publishers = await world.join_many(5)
    inbox = await Inbox().subscribe(subscriber, world.uri("topic"))

    async def publish(who, session):
        for number in range(200):
            session.publish(world.uri("topic"), who, number)
            if number % 20 == 19:
                await session.barrier()

    await asyncio.gather(*(publish(who, session) for who, session in enumerate(publishers)))
    seen = {who: [] for who in range(4)}
    for _ in range(800):
        who, number = (await inbox.event())[0]
        seen[who].append(number)
    assert all(numbers == list(range(200)) for numbers in seen.values())


@case
async def unsubscribe(world):
    """after UNSUBSCRIBED no event comes, and others still get theirs"""
    publisher, leaving, staying = await world.join_many(3)
    inbox = await Inbox().subscribe(leaving, world.uri("topic"))
    others = await Inbox().subscribe(staying, world.uri("topic"))
    await soon(publisher.publish(world.uri("topic"), 1, options=ACKNOWLEDGE), "PUBLISHED")
    assert await inbox.payload() == ([1], {})
    await soon(inbox.subscription.unsubscribe(), "UNSUBSCRIBED")
    await soon(publisher.publish(world.uri("topic"), 2, options=ACKNOWLEDGE), "PUBLISHED")
    await leaving.barrier()
    assert inbox.events.empty()
    assert [await others.payload(), await others.payload()] == [([1], {}), ([2], {})]
    again = await Inbox().subscribe(leaving, world.uri("topic"))
    publisher.publish(world.uri("topic"), 3)
    assert await again.payload() == ([3], {})


@case
async def no_such_subscription(world):
    """UNSUBSCRIBE of an unknown, an ended or another session's subscription is an error"""
    session, other = await world.join_many(2)
    await expect_error(session.send_unsubscribe(4711), "wamp.error.no_such_subscription")
    subscription = (await Inbox().subscribe(session, world.uri("topic"))).subscription
    await expect_error(other.send_unsubscribe(subscription.id), "wamp.error.no_such_subscription")
    await soon(subscription.unsubscribe(), "UNSUBSCRIBED")
    await expect_error(session.send_unsubscribe(subscription.id), "wamp.error.no_such_subscription")
    await session.barrier()


@case
async def publish_to_nobody(world):
    """a publication to a topic without subscribers is acknowledged"""
    session = await world.join()
    publication = await soon(session.publish(world.uri("topic"), 1, options=ACKNOWLEDGE), "PUBLISHED")
    assert publication.id >= 1


@case
async def invalid_topics(world):
    """a topic that is no URI is an error, and the session lives on"""
    session = await world.join()
    # The only URI that this client lets through although an exact match may not have it: an empty component.
    await expect_error(session.subscribe(lambda: None, "com..empty"), "wamp.error.invalid_uri")
    await session.barrier()


@case
async def abrupt_subscriber(world):
    """a subscriber whose connection breaks does not disturb the others"""
    publisher, breaking, staying = await world.join_many(3)
    await Inbox().subscribe(breaking, world.uri("topic"))
    inbox = await Inbox().subscribe(staying, world.uri("topic"))
    breaking.protocol.transport.abort()
    for number in range(100):
        publisher.publish(world.uri("topic"), number)
    assert [(await inbox.event())[0][0] for _ in range(100)] == list(range(100))
