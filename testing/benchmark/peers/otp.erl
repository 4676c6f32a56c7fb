%% SPDX-License-Identifier: Apache-2.0
%%
%% Erlang/OTP's supervisor with many processes, measured once: SCENARIO SHAPE SIZE, as in supervised.cc.
%% It knows no dependencies, so the shape is always flat.
-module(otp).
-behaviour(supervisor).
-export([main/1, init/1, start_parked/1, start_restless/2]).

main([Scenario, _Shape, Size]) ->
    Figures = measure(list_to_atom(Scenario), list_to_integer(Size)),
    Text = [io_lib:format("\"~s\": ~.6g", [Name, float(Value)]) || {Name, Value} <- Figures],
    io:format("{~s}~n", [lists:join(", ", Text)]),
    halt(0);
main(_) ->
    io:format(standard_error, "usage: otp start_stop|cascade|restart SHAPE SIZE~n", []),
    halt(64).

init({Strategy, Intensity, Children}) ->
    {ok, {#{strategy => Strategy, intensity => Intensity, period => 1}, Children}}.

%% A process that is ready at once and waits to be told to stop; then tells whoever measures when.
start_parked(Watcher) ->
    proc_lib:start_link(erlang, apply, [fun() ->
        process_flag(trap_exit, true),
        proc_lib:init_ack({ok, self()}),
        receive
            {'EXIT', _, Why} -> Watcher =:= none orelse (Watcher ! {told, now_us()}), exit(Why);
            fail -> Watcher ! {failed, now_us()}, exit(as_asked)
        end
    end, []]).

%% A process that fails at once, Failures times over all its incarnations.
start_restless(Watcher, Failures) ->
    proc_lib:start_link(erlang, apply, [fun() ->
        proc_lib:init_ack({ok, self()}),
        case counters:get(Failures, 1) of
            0 -> Watcher ! enough, receive stop -> ok end;
            _ -> counters:sub(Failures, 1, 1), exit({shutdown, restless})
        end
    end, []]).

child(Id, Function, Arguments) ->
    #{id => Id, start => {?MODULE, Function, Arguments}, restart => permanent, shutdown => 60000}.

measure(start_stop, Size) ->
    Before = resident_bytes(),
    Threads = threads(),
    Began = now_us(),
    CpuBegan = cpu_ms(),
    {ok, Supervisor} = supervisor:start_link(?MODULE, {one_for_one, 1,
        [child(N, start_parked, [none]) || N <- lists:seq(1, Size)]}),
    Start = [{start_ms, (now_us() - Began) / 1000}, {start_cpu_ms, cpu_ms() - CpuBegan},
             {bytes_per_node, (resident_bytes() - Before) / Size}, {threads, threads() - Threads}],
    Stopping = now_us(),
    CpuStopping = cpu_ms(),
    stop(Supervisor),
    Start ++ [{stop_ms, (now_us() - Stopping) / 1000}, {stop_cpu_ms, cpu_ms() - CpuStopping}];
measure(cascade, Size) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    {ok, Supervisor} = supervisor:start_link(?MODULE, {one_for_all, 0,
        [child(N, start_parked, [self()]) || N <- lists:seq(0, Size)]}),
    {_, Failing, _, _} = lists:keyfind(0, 1, supervisor:which_children(Supervisor)),
    Failing ! fail,
    Failed = receive {failed, At} -> At end,
    Told = [receive {told, When} -> When end || _ <- lists:seq(1, Size)],
    [{told_ms, (lists:max(Told) - Failed) / 1000}];
measure(restart, Size) ->
    logger:set_primary_config(level, none),
    Failures = counters:new(1, []),
    counters:put(Failures, 1, Size),
    Began = now_us(),
    CpuBegan = cpu_ms(),
    {ok, _} = supervisor:start_link(?MODULE, {one_for_one, 1000000000, [child(0, start_restless, [self(), Failures])]}),
    receive enough -> ok end,
    [{restart_us, (now_us() - Began) / Size}, {restart_cpu_us, (cpu_ms() - CpuBegan) * 1000 / Size}].

stop(Supervisor) ->
    Monitor = monitor(process, Supervisor),
    unlink(Supervisor),
    exit(Supervisor, shutdown),
    receive {'DOWN', Monitor, process, Supervisor, _} -> ok end.

now_us() -> erlang:monotonic_time(microsecond).

resident_bytes() ->
    {ok, Statm} = file:read_file("/proc/self/statm"),
    [_, Resident | _] = binary:split(Statm, <<" ">>, [global]),
    binary_to_integer(Resident) * 4096.

threads() ->
    {ok, Tasks} = file:list_dir("/proc/self/task"),
    length(Tasks).

%% User and system time of the process, in ticks of 10 ms.
cpu_ms() ->
    {ok, Stat} = file:read_file("/proc/self/stat"),
    [_, After] = binary:split(Stat, <<") ">>),
    Fields = binary:split(After, <<" ">>, [global]),
    (binary_to_integer(lists:nth(12, Fields)) + binary_to_integer(lists:nth(13, Fields))) * 10.
