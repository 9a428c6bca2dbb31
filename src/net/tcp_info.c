/* tcp_info.c - TCP_INFO in our words, and the names of states and timers. */
#include "config.h"

#include "tcp_info.h"

#include "sockdeck/net/insight.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* By number, as TCP_ESTABLISHED and the others are numbered in <netinet/tcp.h>
 * (which cannot be included together with the kernel's own <linux/tcp.h>). */
static const struct { const char *name, *meaning; } states[] = {
    [1] = { "ESTABLISHED", "connected: both sides may send" },
    [2] = { "SYN_SENT", "connecting: our SYN is out, no answer yet" },
    [3] = { "SYN_RECV", "a SYN came and was answered; the last ACK is missing" },
    [4] = { "FIN_WAIT1", "we ended our side; its FIN is not acknowledged yet" },
    [5] = { "FIN_WAIT2", "we ended our side; waiting for the peer to end its own" },
    [6] = { "TIME_WAIT", "closed, and we were first: kept a minute for late segments" },
    [7] = { "CLOSE", "not connected" },
    [8] = { "CLOSE_WAIT", "the peer ended its side; the program here has not closed yet" },
    [9] = { "LAST_ACK", "both have ended; the last ACK is missing" },
    [10] = { "LISTEN", "waiting for clients" },
    [11] = { "CLOSING", "both ended at the same time; ACKs are missing" },
    [12] = { "SYN_RECV", "half open: the last ACK of the connect is missing" },
};

const char *const insight_timer_names[TCP_TIMERS] = {
    [TCP_TIMER_NONE] = "none",
    [TCP_TIMER_RETRANSMIT] = "retransmit",
    [TCP_TIMER_KEEPALIVE] = "keepalive",
    [TCP_TIMER_TIME_WAIT] = "TIME_WAIT",
    [TCP_TIMER_WINDOW_PROBE] = "window probe",
};

void
tcp_info_to_numbers(const union tcp_info_space *space, struct tcp_numbers *numbers)
{
    /* tcpi_rcv_wnd came with Linux 6.2, directly behind tcpi_snd_wnd. */
    enum { RCV_WND = offsetof(struct tcp_info, tcpi_snd_wnd) / sizeof(uint32_t) + 1 };
    const struct tcp_info *info = &space->info;

    numbers->has_info = true;
    numbers->rtt_us = info->tcpi_rtt;
    numbers->rttvar_us = info->tcpi_rttvar;
    numbers->min_rtt_us = info->tcpi_min_rtt != UINT32_MAX ? info->tcpi_min_rtt : 0;
    numbers->rto_us = info->tcpi_rto;
    numbers->snd_cwnd = info->tcpi_snd_cwnd;
    numbers->ssthresh = info->tcpi_snd_ssthresh;
    numbers->mss = info->tcpi_snd_mss;
    numbers->rcv_mss = info->tcpi_rcv_mss;
    numbers->pmtu = info->tcpi_pmtu;
    numbers->snd_wnd = info->tcpi_snd_wnd;
    numbers->rcv_wnd = space->words[RCV_WND];
    numbers->snd_wscale = info->tcpi_snd_wscale;
    numbers->rcv_wscale = info->tcpi_rcv_wscale;
    numbers->retransmits = info->tcpi_total_retrans;
    numbers->retransmits_now = info->tcpi_retransmits;
    numbers->unacked = info->tcpi_unacked;
    numbers->lost = info->tcpi_lost;
    numbers->segs_in = info->tcpi_segs_in;
    numbers->segs_out = info->tcpi_segs_out;
    numbers->bytes_acked = info->tcpi_bytes_acked;
    numbers->bytes_received = info->tcpi_bytes_received;
    numbers->bytes_sent = info->tcpi_bytes_sent;
    numbers->bytes_retransmitted = info->tcpi_bytes_retrans;
    numbers->notsent = info->tcpi_notsent_bytes;
    numbers->pacing_rate = info->tcpi_pacing_rate;
    numbers->delivery_rate = info->tcpi_delivery_rate;
    numbers->busy_us = info->tcpi_busy_time;
    numbers->rwnd_limited_us = info->tcpi_rwnd_limited;
    numbers->sndbuf_limited_us = info->tcpi_sndbuf_limited;
    numbers->sent_ago_ms = info->tcpi_last_data_sent;
    numbers->received_ago_ms = info->tcpi_last_data_recv;
}

const char *
insight_state_name(uint8_t state)
{
    return state < COUNT(states) && states[state].name != NULL ? states[state].name : "UNKNOWN";
}

const char *
insight_state_meaning(uint8_t state)
{
    return state < COUNT(states) && states[state].name != NULL ? states[state].meaning : "";
}
